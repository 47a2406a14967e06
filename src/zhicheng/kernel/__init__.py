"""What the field fixes by standard: identifiers, regions, calendar, quantities, expressions, refusals."""
