"""From the files that offices send to facts and names.

Read in this order. Files become rows: `rows`, `spreadsheet`; `delimited` with `encodings`, `webpage`; `workbook` with `formats`, `appearance`,
`xlsx_parts`, `xls_records`, `opendocument`; `isolated`. Rows become entries: `headings`, `wishes`, `entries`, `reading` with `split_names`, `name_parts`, `ticks`, `sheet_names`, `copies`,
`forms`, `asides`, `ditto`, `rivals`, `one_person`, `replaced`, `cancelled`, `ragged`, `firms_above`, `doubts`, `dates`, `resident`, `header_faults`, `remarks`. Entries become facts: `spellings`,
`acquaintance`, `registration`, `renaming`, `firm_facts`, `letters`, `preview`.
"""
