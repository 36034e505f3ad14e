"""`python -m app docs`: writes both files that follow from the declared settings."""

from app.settings_document import DOCUMENT, write_document
from app.strategy_file import STRATEGY_FILE, write_strategy_file
from domain.errors import ConfigurationError


async def write_documents() -> None:
    """Write them, and say which. Raises `ConfigurationError` outside Quorum's own folder."""
    for place in (DOCUMENT, STRATEGY_FILE):
        if not place.parent.is_dir():
            raise ConfigurationError(
                f"{place}: there is no such folder here; start it in Quorum's own folder, which "
                "holds docs and config"
            )
    try:
        written = (write_strategy_file(), write_document())
    except OSError as error:
        raise ConfigurationError(
            f"{error.filename} cannot be written: {error.strerror}; give this user the right to"
        ) from error
    for path in written:
        print(f"wrote {path}")  # noqa: T201 - a command answers on standard output
