"""The fictitious board: its places, people, pupils, school year and séances. Nobody and nothing in it exists."""
