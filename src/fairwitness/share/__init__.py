"""Share: the only way out."""
