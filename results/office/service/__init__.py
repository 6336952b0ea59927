"""One office for pages: its state, its list of what is to do, who may do what."""
