"""A firm's own QR: the gate for designs (`gate`), their trial under damage (`trial`), and how one is drawn (`look`, `shapes`, `logo`)."""
