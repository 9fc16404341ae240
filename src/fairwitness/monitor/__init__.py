"""Monitor: where we went, what was seen, what we were told."""
