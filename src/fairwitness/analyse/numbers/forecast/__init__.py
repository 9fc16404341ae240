"""Forecasts: what the next weeks of a municipality, or the next months of a country, may bring, as draws and never as one number.

The rule it guards: beside every interval stands how often intervals made in the same way covered what then happened, measured on
past origins; and a forecast is of *reported* events, scored against data whose digest is named, because labels are revised.
"""
