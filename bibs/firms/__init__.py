"""What a firm gives the organiser: its card, and the captain's link."""
