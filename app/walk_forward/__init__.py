"""`python -m app walk-forward`: the optimisation wired to stored candles, studies and processes."""
