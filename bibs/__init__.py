"""Before the race: roster -> numbers -> codes -> sheets -> proof; all that is printed.

Read in this order: `spreadsheet`, `roster`, `registration`, `numbers`; then `symbol`, `fonts`, `layout`, `canvas`, `sheet`,
`packet` and `proof`.
"""
