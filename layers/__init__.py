"""Data layers: a market snapshot in, evidence and a bullishness out. No I/O, no clock."""
