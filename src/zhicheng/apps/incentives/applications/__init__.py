"""快申快享: a firm applies under a clause, an officer decides, accepted facts go to the ledger."""
