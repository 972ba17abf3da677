"""Pages of the room, one module per side: the list, the sheet, its decisions, lots, opinions, parameters."""
