"""The public board.

Read in this order: `site` (its lists), `pages`, `api_models` and `head` (what its files hold), `snapshot` (the files of one version),
`board_projection` (how a version comes to be), `board_app` (how its files are served), `publishing` (the same files in a folder), `api` and
`live_updates` (for programs), `plugs` (what features add).
"""
