"""指标: figures computed from the ledger, explained, signed, and open to their rows."""
