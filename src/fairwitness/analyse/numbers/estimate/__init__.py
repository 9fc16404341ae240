"""Estimate how many were documented by nobody, from the overlap of several lists; and say when the lists do not allow an estimate."""
