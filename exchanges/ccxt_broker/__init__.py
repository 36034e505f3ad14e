"""An account at a real venue, traded through ccxt; its events come over a socket of our own."""
