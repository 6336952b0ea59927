"""What happened, and when: the words, the facts, the rules and the log. Imports no other room.

Read in this order: `instants`, `codes`, `marks`, `events`, `chain`, `log`, `race`, `passings`, and the `lint` of rules; then what
stores and keeps it: `database`, `tables`, `guards`, `sql_append`, `sql_log`, `writer`, `bell`, `verify`, `checkpoint`, `witness`,
`keep`, `firms`, `directory`, `stations`; and last the race `folder` with its commands.
"""
