"""What a firm's captain sees and may do behind a private link."""
