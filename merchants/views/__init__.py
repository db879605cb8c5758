"""The merchant's API: check the input, call one verb, shape the answer."""
