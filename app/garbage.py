"""When Python looks for garbage: never while what it makes stays, nor in what was loaded."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def keep_everything() -> Iterator[None]:
    """Work without looking for garbage: for imports, and for what leaves as good as none.

    Of imports the search is a sixth of the time. What nothing refers to is freed at once all the
    same; only what refers to itself stays.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def keep_what_is_there() -> None:
    """Leave out of every later search what is held now.

    With hundreds of pairs a search through it stops everything for a tenth of a second, perhaps
    in the middle of a close.
    """
    gc.collect()
    gc.freeze()
    # A full search comes after a quarter of what the last one left was made anew: that shall count
    # what is alive from here on, not all that was just put aside.
    gc.collect()
