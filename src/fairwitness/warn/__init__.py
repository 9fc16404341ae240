"""Warn: what may be about to happen, who was told, what came of it."""
