"""创造: the pages of the chain's first link; its records live in the ledger."""
