"""Migrations of the room `monitor`."""
