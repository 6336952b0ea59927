"""QRPR: the QR on a bib promotes the runner's firm. Spectators' scans counted per firm, and a vote on designs; no timing at all.

A feature that can be deleted: this folder, and its line at the front door. Read `plug`; then `promotion` (what is shown),
`tickets` and `arrivals` (how a scan is counted), `scans`, `pages`, `ballots` and `votes`.
"""
