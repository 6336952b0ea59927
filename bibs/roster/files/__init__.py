"""What an office sends, as rows of text: spreadsheets of four kinds, CSV in any encoding, web pages. Knows nothing of runners."""
