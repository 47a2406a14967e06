"""The rooms, one Django app each."""
