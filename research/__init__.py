"""What people read of a backtest, and the search for better parameters."""
