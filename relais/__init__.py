"""Relais: social insertion clauses in French public contracts, end to end."""

__version__ = "0.1.0"
