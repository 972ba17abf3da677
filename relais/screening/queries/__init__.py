"""Read models of the room: parameters of a day, facts of lots, rows of the screens."""
