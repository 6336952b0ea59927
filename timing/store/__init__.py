"""What stands beside the log, in the same database: names, tokens, firms' cards, messages, votes. Mutable, never hashed."""
