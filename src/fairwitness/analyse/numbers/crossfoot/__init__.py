"""Cross-footing: do the figures of a table or a report agree with one another, before anybody outside finds that they do not?

The rule it guards: a contradiction is shown with its place and what the other figures give; nothing is corrected in silence.
"""
