"""What stands on printed sheets and certificates, for those who print and those who fill them."""
