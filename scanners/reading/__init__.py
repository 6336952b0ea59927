"""One frame's way from pixels to visits.

Read in this order: `decoder`, `quads`, `marks`, `boxes`, `tracks`, `regions`, `rescue`, `slow`, `frame_reader`; then `dwell` and `crossing`.
"""
