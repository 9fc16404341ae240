"""Migrations of the room `assist`."""
