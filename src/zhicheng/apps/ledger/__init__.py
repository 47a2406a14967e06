"""台账: regions, organisations, people, rights, honours and standards."""
