"""One module per side of the room: ledger, people, statements, validation."""
