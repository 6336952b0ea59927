"""What the web apps share: how a request is refused, and how the routes are told in OpenAPI."""
