"""Race day: frames -> codes -> scans -> outbox -> upload -> intake.

Pictures come by `sources`: `camera` for files, `capture` and `devices` for what is live. One frame's way: `decoder`, `quads`, `marks`,
`boxes`, `tracks`, `regions`, `rescue`, `slow`, `lookout`. Then `dwell`, `crossing`, `outbox`, `uplink`, `heart`, `courier`, `station`;
the server's side is `intake`. Without a network: `bundle`, `qr_series`, `qr_clock`.
`film` makes synthetic race films to try all that on.
"""
