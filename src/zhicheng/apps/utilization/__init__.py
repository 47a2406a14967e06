"""运用: pools, licences, transfers, pledges, credit lines and operation centres."""
