"""`python -m app doctor`: looks at everything the bot depends on and says how to mend what fails.

Each check is small, has its own time-out and is given what it looks at.
"""

from app.doctor.command import run_doctor

__all__ = ["run_doctor"]
