"""Tags and filters the templates of every room may load."""
