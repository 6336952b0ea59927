"""Everything that is drawn: bibs, lists, certificates, result sheets.

Read in this order: `fonts`, `symbol`, `canvas`; `layout`, `layout_checks`, `imposition`, `sheet`, `lists`; `pages` reads finished files again.
"""
