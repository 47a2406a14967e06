"""办件: every matter in progress, and the cases imported before the software."""
