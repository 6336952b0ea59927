"""A station: frames read, visits recorded in the outbox, everything uploaded; it waits for none of its observers."""
