"""Analyse: what we hold to be true, and how many."""
