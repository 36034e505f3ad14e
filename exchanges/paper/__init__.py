"""A venue on paper: the rules of a real one, fed by its live book and trades."""
