"""Answers of providers in, what is felt as of an instant out. No clock, no I/O."""
