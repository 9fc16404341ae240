"""Migrations of the room `analyse`."""
