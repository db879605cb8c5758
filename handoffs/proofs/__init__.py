"""Proofs of delivery that can be verified without us: what they say, how they are signed, how they are
checked. `docs/proof-format.md` tells the same to those outside."""
