"""How well the screening finds the contracts that bore a social consideration. Nothing is stored."""
