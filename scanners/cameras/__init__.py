"""Where pictures come from: `films` and folders, `live` cameras, found by `devices`, told apart by `sources`."""
