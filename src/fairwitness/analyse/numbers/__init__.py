"""Numbers: how many, how unusual, how likely. The pure half of *analyse*: arrays go in, results come out.

The rule it guards: nothing here knows of a mission, a database or a page, so that every figure can be computed again, by
anybody, from a plain file; and a figure that the data do not allow is refused with its reason, never returned.
"""
