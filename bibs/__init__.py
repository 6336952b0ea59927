"""Before the race: roster, numbers, codes, sheets and their proof; all that is printed."""
