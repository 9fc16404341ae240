"""Migrations of the room `share`."""
