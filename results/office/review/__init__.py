"""What needs a person's look: odd times, starts not counted, people unread."""
