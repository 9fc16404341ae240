"""Migrations of the room `web`."""
