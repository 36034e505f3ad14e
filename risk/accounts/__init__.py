"""The account of one trader: what it may risk, what it holds, and when its day is over."""
