"""`python -m app`."""

import os

from app.command_line import commands

if __name__ == "__main__":
    # What is made here is for its owner alone: the database holds sealed keys of traders, the log
    # what people did. In the process of a command only, not in whoever imports its modules.
    os.umask(0o077)
    commands()
