"""Occupancy and abundance from repeat visits: how many places have it, given that a visit may miss it.

The rule it guards: a place where nobody found it is not a place without it, and where the visits cannot tell the two
apart no figure is given.
"""
