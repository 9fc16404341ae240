"""Count so that the figure tells the truth: ranges, effort, breaks, sources side by side, and what will still come in."""
