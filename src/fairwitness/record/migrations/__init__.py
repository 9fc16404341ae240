"""Migrations of the log's own tables."""
