"""What happened, and when: the words, the facts, the rules and the log. Imports no other room.

Read in this order: `instants`, `codes`, `events`, `chain`, `log`, `race`, `passings`; then the adapters `database`, `sql_log`,
`directory` and the race `folder`.
"""
