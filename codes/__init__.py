"""The pure part of one-time codes: derivation, comparison, likeness. No Django, no storage, no clock."""
