"""What an account is told: codes, and notices of what was changed. `sending` writes it, `words` says it."""
