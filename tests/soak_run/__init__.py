"""A soak: the bot in a process of its own, faults without end, and what became of its memory."""
