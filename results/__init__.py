"""What it means: standings -> rankings -> board, files, explanations. All of it derived, all of it recomputable.

Read `ranking` first (who stands where), then `display`, `names` and `words` (how it is said), then whichever door you came for:
`board` (public pages), `desk` (rulings, rules, editions), `captain`, `announcer`, `certificates`, `files` (exports), `score` (races timed
elsewhere). `explain` and `evidence` say why a result is what it is.
"""
