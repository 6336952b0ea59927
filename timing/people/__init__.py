"""Names, consents, tokens, private links and keys: what can be changed and erased, beside the log."""
