"""Before the race: roster -> numbers -> codes -> sheets -> proof; all that is printed.

Read in this order: `spreadsheet`, `ages`, `roster`, `registration`, `numbers`; then `symbol`, `fonts`, `layout`, `canvas`, `sheet`,
`result_sheet`, `packet` and `proof`.
"""
