"""Years of couriers at doors, in memory. A test compares this with the verbs that the service runs."""
