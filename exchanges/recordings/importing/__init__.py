"""Turns what other recorders wrote into recordings of ours."""

from exchanges.recordings.importing.importer import Imported, import_recording

__all__ = ["Imported", "import_recording"]
