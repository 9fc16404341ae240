"""Migrations of the room `warn`."""
