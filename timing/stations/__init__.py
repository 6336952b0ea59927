"""The stations as the race knows them: whose they are, how they are, and how far off their clocks."""
