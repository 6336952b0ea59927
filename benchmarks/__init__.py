"""Benchmarks: side by side with what others would use, in one run; never part of the tests.

Read in this order: measure, log (the rows and the page), then append, server, postgres, rebuild, tables,
and results (the rankings and previews, with a page of their own), bibs (printing, likewise) and board (with viewers and board_server, likewise).
The reading of bibs has frames of its own: reading, then frames, engines and the parts reading_passes, reading_films,
reading_times and reading_clutter.
"""
