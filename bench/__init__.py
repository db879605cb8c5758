"""How fast the service is, measured beside what a user would assemble instead: `bin/bench`."""
