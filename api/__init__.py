"""What every API shares: ids, tokens, problems, idempotency, pagination, request ids."""
