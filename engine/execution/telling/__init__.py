"""What traders are told: cards and news of their trades as messages."""
