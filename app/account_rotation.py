"""`python -m app accounts rotate`: every stored exchange key under the newest master key."""

from app.brokers import open_sealer
from app.settings import load_settings
from db.engine import create_database_engine
from db.unit_of_work import SqlStorage
from domain.errors import ConfigurationError
from engine.execution.accounts.connecting import RotateKeys


async def rotate_keys() -> None:
    """Rotate all or none. Raises `ConfigurationError` without master keys, or with wrong ones."""
    settings = load_settings()
    sealer = open_sealer(settings.trading.master_keys)
    if sealer is None:
        raise ConfigurationError(
            "ACCOUNT_MASTER_KEYS is not set: put the new key first, then the old one"
        )
    database = create_database_engine(settings.storage.database_url.get_secret_value())
    try:
        count = await RotateKeys(storage=SqlStorage(database), sealer=sealer)()
    finally:
        await database.dispose()
    print(f"rotated {count} keys")  # noqa: T201 - a command answers on standard output
