"""Zhicheng 知城: one ledger for a city's intellectual-property and quality programme."""

__version__ = "0.1.0"
