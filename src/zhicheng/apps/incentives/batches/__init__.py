"""From what is due to what is approved: batches, their amounts, the second pair of eyes."""
