"""From people to proved packets: `numbers`, `spares`, `printing`, `packet`, `proof`, `manifest`; `inspection` reads any PDF."""
