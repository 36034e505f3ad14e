"""Pictures at a terminal: drawn off the event loop, kept as files, and told by their path."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from bot.pictures import draw_aside
from bot.presenters.conversation import PICTURE_FAILED, picture_not_saved


class TerminalPictures:
    """Keeps pictures below `folder`; one of the same name takes the place of the one before."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, name: str, draw: Callable[[], bytes]) -> str:
        """Where the picture is to be found, as HTML, or why there is none."""
        content = await draw_aside(draw, name)
        if content is None:
            return PICTURE_FAILED
        path = self._folder / f"{name}.png"
        try:
            await asyncio.to_thread(_write, path, content)
        except OSError as error:
            return picture_not_saved(error.strerror or str(error))
        return f"📈 {path}"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
