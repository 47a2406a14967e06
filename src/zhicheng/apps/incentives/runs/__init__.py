"""Evaluations of the ledger under the policies: the facts they read, runs that are kept, and how answers leave."""
