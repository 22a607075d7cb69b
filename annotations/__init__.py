"""Hand annotation: marked-up text, checks, and the gold standard of the seed documents."""
