"""Shared by the web apps: refusals of requests, and the description of routes in OpenAPI."""
