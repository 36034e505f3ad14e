"""Photos: what Telegram takes as one, and the ids it hands out for them.

Bytes are kept as uploaded (Telegram would re-encode to JPEG), so that a test can look at them.
"""

import io
from dataclasses import dataclass
from typing import Any

from PIL import Image, UnidentifiedImageError

from tests.telegram_server.refusals import bad_request

MAX_BYTES = 10 * 1024 * 1024
MAX_WIDTH_PLUS_HEIGHT = 10_000
MAX_SIDE_RATIO = 20
THUMBNAIL_SIDE = 90
SUFFIXES = {"PNG": "png", "JPEG": "jpg"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One stored picture; sides in pixels."""

    file_id: str
    unique_id: str
    path: str
    width: int
    height: int
    data: bytes

    @property
    def thumbnail_id(self) -> str:
        """Return the file id of the small version."""
        return f"{self.file_id}-s"

    def as_json(self) -> list[dict[str, Any]]:
        """Render the PhotoSize list, the original last."""
        shrink = min(1.0, THUMBNAIL_SIDE / max(self.width, self.height))
        small = {
            "file_id": self.thumbnail_id,
            "file_unique_id": f"{self.unique_id}-s",
            "width": max(1, round(self.width * shrink)),
            "height": max(1, round(self.height * shrink)),
        }
        return [small, self.file_json() | {"width": self.width, "height": self.height}]

    def file_json(self) -> dict[str, Any]:
        """Render what identifies the original."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_size": len(self.data),
        }


class PhotoStore:
    """Every picture the bot uploaded."""

    def __init__(self) -> None:
        """Start without pictures."""
        self._photos: list[Photo] = []

    def keep(self, data: bytes) -> Photo:
        """Store an upload; each upload gets new ids, as at Telegram.

        Raises:
            RefusedError: no PNG or JPEG, unreadable, too big, or of an impossible shape.
        """
        if len(data) > MAX_BYTES:
            raise bad_request(
                f"file of size {len(data)} bytes is too big for a photo;"
                f" the maximum size is {MAX_BYTES} bytes"
            )
        suffix, width, height = _inspect(data)
        number = len(self._photos) + 1
        photo = Photo(
            file_id=f"photo-{number}",
            unique_id=f"unique-{number}",
            path=f"photos/file_{number}.{suffix}",
            width=width,
            height=height,
            data=data,
        )
        self._photos.append(photo)
        return photo

    def by_id(self, file_id: str) -> Photo | None:
        """Return the picture with that file id, of either size."""
        matching = (
            photo for photo in self._photos if file_id in (photo.file_id, photo.thumbnail_id)
        )
        return next(matching, None)

    def by_path(self, path: str) -> Photo | None:
        """Return the picture behind a download path."""
        return next((photo for photo in self._photos if photo.path == path), None)


def _inspect(data: bytes) -> tuple[str, int, int]:
    """Return file suffix, width and height of a picture that decodes to its last byte."""
    try:
        with Image.open(io.BytesIO(data), formats=list(SUFFIXES)) as image:
            width, height = image.size
            _require_shape(width, height)
            image.load()
            return SUFFIXES[str(image.format)], width, height
    except (UnidentifiedImageError, OSError, SyntaxError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None


def _require_shape(width: int, height: int) -> None:
    too_large = width + height > MAX_WIDTH_PLUS_HEIGHT
    too_narrow = max(width, height) > MAX_SIDE_RATIO * min(width, height)
    if too_large or too_narrow:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
