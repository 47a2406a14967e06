"""Tags the templates of this room load."""
