"""Where providers call us: what they tell is signed, and what is not changes nothing."""
