"""Execution: from a press to a protected position, and to its end; the same on paper and live."""
