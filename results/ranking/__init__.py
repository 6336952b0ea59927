"""Who stands where, and how one state of the results differs from another. Pure.

Read in this order: `places`, `rows`, `standings`, `team_scores`, `rankings`; then `projection`, which follows the log; last `difference`.
"""
