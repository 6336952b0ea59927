"""One frame's way from pixels to visits.

Read in this order: `decoder`, `quads`, `mark_reader`, `boxes`, `tracks`, `rescue`, `background_reader`, `frame_reader`; then `visits`
and `crossing`.
"""
