"""Policies and clauses as the catalogue has them, read and shown."""
