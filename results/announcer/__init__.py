"""What the announcer sees behind a private link."""
