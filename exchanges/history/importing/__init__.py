"""Takes candles out of files that others wrote, and refuses what is not clean."""

from exchanges.history.importing.importer import Imported, import_files
from exchanges.history.importing.layouts import Layout

__all__ = ["Imported", "Layout", "import_files"]
