"""The machinery every record type shares: described once, then imported, reviewed, listed, exported."""
