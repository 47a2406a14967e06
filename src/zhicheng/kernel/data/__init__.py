"""Packaged tables of public standards; README.md names the source and licence of each."""
