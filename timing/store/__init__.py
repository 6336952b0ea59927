"""The database, and the mutable tables beside the log: names, tokens, firms' cards, messages, votes."""
