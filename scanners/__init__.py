"""Race day: frames -> codes -> scans -> outbox -> upload -> intake.

Read in this order: `camera`, `decoder`, `quads`, `marks`, `dwell`, `crossing`, `outbox`, `uplink`, `heart`, `courier`, `station`;
the server's side is `intake`. Without a network: `bundle`, `qr_series`, `qr_clock`.
`film` makes synthetic race films to try all that on.
"""
