"""Synthetic frames of a race, in metres, seconds and reflectance: runners who wear our own printed bibs, and the truth beside them.

Nothing here was calibrated on a real bib or camera: it ranks readers and catches regressions, and certifies no recall. Every
effect has its own stream of chance, seeded by (run, runner, effect), so that switching one off leaves the others as they were.
Read in this order: conditions, motion, printed, cloth, exposure, sensor, passes (one runner), crowd (a whole frame), clutter.
"""
