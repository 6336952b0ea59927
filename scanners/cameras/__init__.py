"""Sources of frames: `films` and folders, `live` cameras, found by `devices`, chosen by `sources`."""
