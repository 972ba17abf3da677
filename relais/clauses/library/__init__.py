"""The texts that kits are made of: those shipped, those of a scheme, and the values that fill them."""
