"""Public texts in: read, repair, cut to the article, extract sourced figures; every offset leads back to the file."""
