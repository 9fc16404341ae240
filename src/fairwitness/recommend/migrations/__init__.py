"""Migrations of the room `recommend`."""
