"""Migrations of the room `mission`."""
