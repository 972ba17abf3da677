"""Pages of the room: the file of a clause, its drafting, its award, its parties."""
