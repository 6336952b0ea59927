"""The public board.

Read in this order: `site` (its lists), `pages`, `twins` and `head` (what its files hold), `snapshot` (the files of one version), `asset` and `app`
(how they are served), `follow` (how a version comes to be), `publishing` (the same files in a folder), `api` and `feed` (for programs).
"""
