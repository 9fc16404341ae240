"""Mission: the mandate, the places with all their names, the structure, the people with their rights."""
