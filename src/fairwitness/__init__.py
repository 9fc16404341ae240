"""Fairwitness: the working system of an international field mission.

A mission monitors, verifies, analyses, warns, reports, recommends, assists and shares;
everything goes on record; the web is the door. Read from right to left, that sentence is
the import order of the packages below.
"""

__version__ = "0.1.0"
