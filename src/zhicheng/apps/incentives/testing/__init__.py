"""Small cities, applications and rounds for tests of this room."""
