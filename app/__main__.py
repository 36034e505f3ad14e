"""`python -m app`."""

from app.command_line import commands

if __name__ == "__main__":
    commands()
