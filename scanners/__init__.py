"""Race day at a station: frames, codes, scans, the outbox, the upload and its intake."""
