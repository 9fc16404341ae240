"""Assist: training and advice, tied to the shortcoming they answer."""
