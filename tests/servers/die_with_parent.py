"""Becomes the server named on the command line, as another user, and ends when its parent does.

Run as a script, so it imports nothing of ours:
`die_with_parent.py PARENT_ID USER_ID GROUP_ID PROGRAM ARGUMENT...`
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, user, group, *command = sys.argv[1:]
    if int(user) != os.geteuid():
        os.setgroups([])
        os.setgid(int(group))
        os.setuid(int(user))
    # Only now: a change of user clears the wish.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != int(parent):
        sys.exit("the parent has ended before the wish to follow it was known")
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


main()
