"""What a city configures without code, and its typed loaders."""
