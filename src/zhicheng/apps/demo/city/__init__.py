"""The generator: tables of a synthetic city as its offices would keep them, ignorant of any figure."""
