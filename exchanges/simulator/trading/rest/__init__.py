"""REST of accounts: one module per group of endpoints."""
