"""What the simulated venue trades: contracts, bars, and all that follows from them."""
