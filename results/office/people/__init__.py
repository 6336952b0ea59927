"""Who is in the race: search, a person's page, the counter, people entered on the day."""
