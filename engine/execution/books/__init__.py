"""What a trade's books say is to be done next: pure, the one decision that execution makes."""
