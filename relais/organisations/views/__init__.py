"""The pages of the room: members, directory, schemes and their parameters, trail, entrance."""
