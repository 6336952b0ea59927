"""Race day: frames -> codes -> scans -> outbox -> upload -> intake.

Pictures come from `cameras`; `reading` makes visits of them; `station` keeps each in the `outbox`, which goes to the log; the server's side is
`intake`. Without a network: `outbox.bundle`, `qr_clock`. Beside the station: `operator` (its page), `evidence` (its
pictures).
"""
