"""What is said about the standings: masked names, lines and words, evidence, editions. No page and no file."""
