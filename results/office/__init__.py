"""What officials do: rulings, rules and editions, each shown before it is recorded."""
