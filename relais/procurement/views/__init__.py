"""Pages of the room: contracts, and the imports that brought them."""
