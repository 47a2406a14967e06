"""The command `zhicheng`, gathering the verbs of each room."""
