"""The web server under every page: addresses of clients, limits, deadlines, TLS, assets, templates."""
