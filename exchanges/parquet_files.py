"""Parquet files that others wrote: they may be damaged."""

from pathlib import Path
from typing import Any

from domain.errors import InvalidDataError


def read_parquet(path: Path) -> Any:
    """The whole file as an arrow table. Raises `InvalidDataError` for one that is damaged."""
    import pyarrow
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(path).read(use_threads=False)
    except (pyarrow.ArrowException, OSError) as error:
        raise InvalidDataError(
            f"{path} cannot be read as Parquet: {error}. Download it again, or mend it where it "
            "was made"
        ) from error
