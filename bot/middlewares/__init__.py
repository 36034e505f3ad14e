"""What every update passes before its handler: counting, throttling, who is asking."""
