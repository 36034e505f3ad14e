"""The live decision, gate, breakers and follower over candles of the past: one clock, all pairs."""
