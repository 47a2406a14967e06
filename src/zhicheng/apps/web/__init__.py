"""The shell every page shares: layout, components, static files."""
