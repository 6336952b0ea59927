"""Imports the lists that firms send: files become rows, rows become entries, entries become facts and names.

Read in this order. `files`: `spreadsheet`; `delimited` with `encodings`, `webpage`; `workbook_file` with `formats`, `appearance`,
`xlsx_parts`, `xls_records`, `opendocument`; `isolated`. Then `table_rows`, `headings`, and `entries`: `wishes`, `entry`, `read_entries`
with the other modules beside it, each for one habit of office lists. `registration`: `spellings`, `entrant_matcher`, `import_plan`,
`roster_import`, `renaming`, `firm_facts`, `missing_glyphs`, `preview`.
"""
