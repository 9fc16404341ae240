"""Recommend: what should change, who should do it, and did they."""
