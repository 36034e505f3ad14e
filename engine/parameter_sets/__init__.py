"""Versioned parameter sets: laid over the strategy file, switched, rolled back."""
