"""Before the race: roster -> numbers -> codes -> sheets -> proof; all that is printed.

Read in this order: `rows`, `spreadsheet`, `workbook`, `isolated` (files become rows); `headings`, `roster`, `reading` with `forms`,
`asides` and `resident` (rows become entries); `ages`, `acquaintance`, `registration`, `firm_facts`, `preview`, `numbers`; then
`symbol`, `fonts`, `layout`, `layout_checks`, `imposition`, `canvas`, `sheet`, `lists`, `result_sheet`, `pages`, `proof`, `manifest`,
`packet`, `spares`, `printing` and `inspection` (any PDF, compared with the race).
A firm's own QR: `design` (the gate), `design_look`, `design_shapes`, `design_gate` (the trial), `firm_desk`, `cards`.
"""
