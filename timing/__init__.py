"""What happened, and when: the words, the facts, the rules and the log. Imports no other room.

Read in this order: `race` (`instants`, `codes`, `marks`, `events`, `rules`, `office_state`, `fold`, `passings`: from facts to judgement,
all pure); then `log` (where the facts are stored), `store` and `people` (mutable tables beside it), the race `folder`, `feed`, `stations`,
and last `terminal` and `commands`.
"""
