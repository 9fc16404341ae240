"""How days, hours and numbers are written in each language; the record itself writes them in one way only (ISO 8601)."""
