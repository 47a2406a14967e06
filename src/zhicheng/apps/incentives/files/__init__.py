"""A file somebody hands in: what is kept of it, when it is taken, and how it is sent back."""
