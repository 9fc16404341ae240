"""Migrations of the room `report`."""
