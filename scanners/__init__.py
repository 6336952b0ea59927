"""Race day: frames -> codes -> scans -> outbox -> upload -> intake.

Read in this order: `camera`, `decoder`, `quads`, `marks`, `dwell`, `crossing`, `outbox`, `uplink`, `courier`, `station`;
the server's side is `intake`.
`film` makes synthetic race films to try all that on.
"""
