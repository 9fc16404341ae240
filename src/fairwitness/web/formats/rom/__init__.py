"""Dates as this language writes them."""
