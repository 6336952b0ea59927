"""What it means: standings -> rankings -> board, files, explanations. All of it derived, all of it recomputable.

Read `ranking` first (places), then `view` (what is shown of them; `explain` and `evidence` give the reasons for a result), `files` (exports)
and `web` (the server); then `board` (public pages), `office` (rulings, rules, editions), `captain`, `announcer`, `certificates`, `score`
(races timed elsewhere) and `spectators`.
"""
