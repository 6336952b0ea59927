"""Before the race: roster -> numbers -> codes -> sheets -> proof; all that is printed.

Read in this order: `spreadsheet`, `ages`, `roster`, `registration`, `numbers`; then `symbol`, `fonts`, `layout`, `canvas`, `sheet`,
`result_sheet`, `packet` and `proof`. A firm's own QR: `design` (the gate), `design_look`, `design_shapes`, `design_gate` (the trial),
`firm_desk`, `cards`.
"""
