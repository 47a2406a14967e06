"""Money behind approved amounts: orders, bank files, the budget, accounts of payees, and what is asked back."""
