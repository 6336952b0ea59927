"""What happened, and when: the words, the facts, the rules and the log. Imports no other room.

Read in this order: `instants`, `codes`, `marks`, `events`, `rules`, `book`, `race`, `passings` (from facts to judgement, all pure); then `log`
(where the facts are kept), `store` (what stands beside them), `stations`, and last the race `folder` with its commands.
"""
