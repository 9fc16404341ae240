"""Migrations of the room `verify`."""
