"""Tags the pages of this room load."""
