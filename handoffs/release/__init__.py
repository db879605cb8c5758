"""Handing over without a code: a courier asks, others decide, the courier uses it. Nobody releases alone but
the recipient, from their account."""
