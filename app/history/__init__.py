"""The commands that fill, check and list the history (docs/history.md)."""
