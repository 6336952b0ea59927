"""A firm's own QR: how it is drawn (`look`, `outline`, `logo`, `colours`, `svg`), and which designs may be printed (`acceptance`)."""
