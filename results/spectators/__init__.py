"""QRPR: the QR on a bib promotes the runner's firm. Spectators' scans counted per firm, and a vote on designs; no timing at all.

Read `promotion` (what is shown), `tickets` and `arrivals` (how a scan is counted), `pages`, then `ballots` and `votes`.
"""
