"""Before the race: rosters, numbers, codes, printed sheets and their proof.

`roster` imports the lists that firms send, `design` and `firms` hold a firm's QR design and card, `drawing` draws sheets, `printing` numbers,
prints and verifies them.
"""
