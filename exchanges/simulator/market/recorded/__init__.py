"""A market from recorded candles: read, put on the venue's grids, filled down to minutes."""
