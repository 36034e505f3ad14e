"""The trading half of the simulated venue: accounts, orders, positions, and what it tells of them.

The rules are those of `exchanges.matching`; here is Binance's protocol around them.
"""
