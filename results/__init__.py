"""What it means: standings -> rankings -> board, exports, explanations. All of it derived, all of it recomputable.

Read in this order: `places`, `standings`, `rankings`, `names`, `explain`, `exports`; then `messages`, `pages`, `board`, `follow`.
"""
