"""保护: seized lots, their destruction, and the experts who help."""
