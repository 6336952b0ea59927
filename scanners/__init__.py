"""Race day: frames -> codes -> scans -> outbox -> upload -> intake.

`cameras` gives frames, `reading` turns them into visits, `station` stores each visit as a scan in the `outbox`, which uploads to the log;
`intake` is the server's side. Without a network: `outbox.bundle`, `station.qr_clock`. For people: `operator` (the station's page),
`station.evidence_recorder` (a picture of each scan), `station_films` and `film_pictures`.
"""
