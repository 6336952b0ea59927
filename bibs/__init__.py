"""Before the race: roster -> numbers -> codes -> sheets -> proof; all that is printed.

Read in this order: `rows`, `spreadsheet`, `workbook`, `isolated` (files become rows); `headings`, `roster`, `reading` with `forms`,
`asides` and `resident` (rows become entries); `ages`, `acquaintance`, `registration`, `firm_facts`, `preview`, `numbers`; then
`symbol`, `fonts`, `layout`, `canvas`, `sheet`, `result_sheet`, `packet` and `proof`. A firm's own QR: `design` (the gate), `design_look`, `design_shapes`, `design_gate` (the trial),
`firm_desk`, `cards`.
"""
