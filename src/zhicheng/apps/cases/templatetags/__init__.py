"""Template tags of the room of cases."""
