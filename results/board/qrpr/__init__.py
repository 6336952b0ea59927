"""QRPR: the QR on a bib promotes the runner's firm. Spectators' scans counted per firm, votes, and a quiz; no timing at all.

Read `promotion` (what is shown), `tickets` and `arrivals` (how a scan is counted), `pages`, then `votes` and `quiz`.
"""
