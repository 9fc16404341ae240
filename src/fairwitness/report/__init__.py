"""Report: what we say."""
