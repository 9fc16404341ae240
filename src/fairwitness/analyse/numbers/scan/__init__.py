"""Scan: is there a place and a stretch of time in which more happened than elsewhere and otherwise?

Windows in space and time of every size are laid over the cases; the one that departs most from what was expected is the most likely
cluster, and the same search over many random copies of the data says how often chance alone does as well. Kulldorff, Heffernan,
Hartman, Assunção and Mostashari (2005); Kulldorff (1997, 2001); Neill, Moore, Sabhnani and Daniel (2005).

The rule it guards: because everything was looked at, everything that was looked at counts in the probability. A cluster is never
judged as if its place and days had been chosen beforehand.
"""
