"""How standings are described: masked names, lines and words, evidence, editions. No page and no file."""
