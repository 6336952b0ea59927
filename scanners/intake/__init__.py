"""The server's side: what stations send is checked, stored and acknowledged; what they ask for is told."""
