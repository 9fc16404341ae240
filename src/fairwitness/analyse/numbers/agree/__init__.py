"""Agreement: do several people who rate the same things rate them alike, beyond what chance would give?

The rule it guards: a rating nobody else can repeat is one person's opinion; the figure says which of the two it is, and how surely.
"""
