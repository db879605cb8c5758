"""Scripted couriers, for `scripts/deliver_orders.py`: the public API and the sandbox phone, nothing else."""
