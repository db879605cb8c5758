"""The courier's API: check the input, call one verb, shape the answer."""
