"""From the files that offices send to facts and names.

Read in this order: `rows`, `spreadsheet`, `workbook` with `xlsx_parts`, `opendocument`, `appearance` and `formats`, `isolated` (files become rows); `headings`, `entries`, `reading` with `forms`, `asides` and
`resident` (rows become entries); `acquaintance`, `spellings`, `registration`, `firm_facts`, `preview`.
"""
