"""Who stands where, and how one state of the results differs from another. Pure.

Read in this order: `places`, `rows`, `standings`, `teams`, `rankings`; then what follows the log: `projection`; last `difference`.
"""
