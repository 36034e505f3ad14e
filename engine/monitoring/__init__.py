"""How the bot itself is doing: readings, what is wrong with them, and who is told."""
