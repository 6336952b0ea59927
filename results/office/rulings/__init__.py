"""What the office decides: rulings, their previews, guns, prizes, hand times, rules."""
