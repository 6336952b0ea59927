"""The operator's page: what the station sees, what it kept, and what is wrong, on the laptop beside the camera.

Read in this order: `troubles`, `eye`, `gauge`, `recent`, `hand`, `state`, `view`, `page`, `beside`.
"""
