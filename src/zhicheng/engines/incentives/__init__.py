"""Policies as dated rules: who is due how much, every step and reason, and what a change would cost."""
