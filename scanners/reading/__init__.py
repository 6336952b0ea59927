"""One frame's way from pixels to visits.

Read in this order: `decoder`, `quads`, `marks`, `boxes`, `tracks`, `regions`, `rescue`, `slow`, `lookout`; then `dwell` and `crossing`.
"""
