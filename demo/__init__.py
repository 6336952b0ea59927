"""The demonstration: a made-up race from roster to board, filmed from its own bibs and judged against the truth.

`madeup` writes the roster, `film` renders both lines, `stations` starts real stations on the films, `verdict` compares the results with
what was filmed; `demonstration` is the whole of it.
"""
