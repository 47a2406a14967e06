"""The demo city: a synthetic year of work, written as office files and loaded like any others."""
