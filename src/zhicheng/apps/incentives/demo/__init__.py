"""The room's part of the demo city, played through its own actions and marked as made up."""
