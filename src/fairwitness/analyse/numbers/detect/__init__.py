"""Detect: is this week's count unusual beside what the place itself has shown before? The classical methods, one series at a time.

The rule it guards: an alarm is a statement about a stated rule with stated parameters, never a judgement. Each method follows a
published paper; each is held to published figures by a test; a point for which its rule states no bound has none.
"""
