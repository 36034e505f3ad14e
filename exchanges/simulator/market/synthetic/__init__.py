"""A seeded market: regimes drive factors, factors drive prices, prices drive volume."""
