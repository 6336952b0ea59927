"""What it means: standings -> rankings -> board, exports, explanations. All of it derived, all of it recomputable.

Read in this order: `places`, `standings`, `rankings`, `names`, `explain`, `exports`, `sheets`, `files`; then `order`, `live`, `live_rankings`,
`messages`, `site`, `twins`, `head`, `pages`, `asset`, `snapshot`, `board`, `follow`, `feed`, `api`, `missing`, `publishing`; last `as_of` and `score`.
"""
