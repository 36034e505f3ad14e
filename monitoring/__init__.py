"""For whoever watches the bot from outside: metrics, health over HTTP, other channels."""
