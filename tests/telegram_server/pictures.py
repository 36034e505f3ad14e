"""Pictures for tests of whatever sends some."""

import io

from PIL import Image


def picture(width: int = 40, height: int = 30, *, suffix: str = "PNG") -> bytes:
    """Return a one-coloured picture of that size in pixels, in a format Pillow names."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), "steelblue").save(buffer, format=suffix)
    return buffer.getvalue()
