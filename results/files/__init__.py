"""Results as files: CSV, workbook, one HTML file, and what goes into each."""
