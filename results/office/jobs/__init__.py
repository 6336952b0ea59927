"""Long work beside the pages: printing, exports, lists taken in, publication."""
