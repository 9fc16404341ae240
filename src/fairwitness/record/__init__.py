"""Record: what is kept, by whom, when, and the proof that nothing was changed afterwards."""
