"""The command: loads the settings, runs every check that they call for, prints the report."""

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from sqlalchemy import URL

from app.doctor.administrators import examine_administrators
from app.doctor.check import Check, Examination, in_thread, run_checks
from app.doctor.database import examine_database
from app.doctor.disk import examine_disk
from app.doctor.outputs import examine_outputs
from app.doctor.report import exit_code, print_report
from app.doctor.settings import examine_settings, refused_settings
from app.doctor.trading import examine_trading
from app.doctor.versions import examine_versions
from app.redaction import Redactor
from app.settings import Settings, load_settings, secrets_of
from db.engine import is_sqlite, parse_database_url
from domain.errors import ConfigurationError

DATA_FOLDER = Path("var")
_PATIENT_SECONDS = 20.0
_ACCOUNT_SECONDS = 40.0
_PROVIDER_SECONDS = 60.0
"""Free keys allow few questions a minute, and one look at a provider may take several."""


async def run_doctor(
    *,
    quick: bool = False,
    load: Callable[[], Settings] = load_settings,
    console: Console | None = None,
) -> int:
    """Print the report; the exit code is 1 when anything failed, else 0.

    `quick` leaves out whatever is asked over the network, apart from the database: cheap enough
    to be run every minute.
    """
    console = console or Console()
    try:
        settings = load()
    except ConfigurationError as error:
        results, redact = [refused_settings(error)], Redactor()
    else:
        redact = Redactor(secrets_of(settings))
        results = await run_checks(select_checks(settings, quick=quick, hide=redact.learn))
    print_report(results, console, redact)
    return exit_code(results)


def select_checks(
    settings: Settings, *, quick: bool, hide: Callable[[Sequence[str]], None]
) -> list[Check]:
    """The checks that these settings call for, in the order of the report.

    `hide` keeps secrets that are met on the way, keys of traders, out of the report.
    """
    local = _local_checks(settings)
    if quick:
        return local
    return [_versions(), *local, *_checks_over_the_network(settings), *_trading(settings, hide)]


def _versions() -> Check:
    return Check(
        name="versions", examine=lambda: in_thread(examine_versions), mend="install Quorum anew"
    )


def _local_checks(settings: Settings) -> list[Check]:
    url = _url(settings)
    return [
        Check(
            name="settings",
            examine=lambda: in_thread(
                lambda: [*examine_settings(settings), *examine_outputs(settings)]
            ),
            mend="mend the strategy file, LOG_FILE, NOTIFY_URLS or MONITORING_HOST",
        ),
        Check(
            name="disk",
            examine=lambda: in_thread(lambda: examine_disk(_data_folder(url))),
            mend="check the disk",
        ),
        Check(
            name="database",
            examine=lambda: examine_database(url),
            mend="start the database, or mend DATABASE_URL",
        ),
    ]


def _url(settings: Settings) -> URL:
    return parse_database_url(settings.storage.database_url.get_secret_value())


def _data_folder(url: URL) -> Path:
    return Path(str(url.database)).parent if is_sqlite(url) else DATA_FOLDER


def _checks_over_the_network(settings: Settings) -> list[Check]:
    checks = [
        Check(
            name="exchange",
            examine=lambda: _exchange(settings),
            mend="check the network and EXCHANGE_REST_URL",
            seconds=_PATIENT_SECONDS,
        ),
        Check(
            name="Telegram",
            examine=lambda: _telegram(settings),
            mend="check the network and TELEGRAM_API_URL",
            seconds=_PATIENT_SECONDS,
        ),
        Check(
            name="providers",
            examine=lambda: _providers(settings),
            mend="check the network, FEEDS_URL and FEED_URLS",
            seconds=_PROVIDER_SECONDS,
        ),
    ]
    if settings.telegram.bot_token is not None:
        checks.append(_administrators(settings))
    if settings.storage.redis_url is not None:
        checks.append(_redis(settings.storage.redis_url.get_secret_value()))
    return checks


def _administrators(settings: Settings) -> Check:
    url = _url(settings)
    return Check(
        name="administrators",
        examine=lambda: examine_administrators(url, settings.telegram.admin_ids),
        mend="start the database",
    )


def _trading(settings: Settings, hide: Callable[[Sequence[str]], None]) -> list[Check]:
    """What is executed, and how the accounts stand that are traded with."""
    url = _url(settings)
    checks = [
        Check(
            name="execution",
            examine=lambda: examine_trading(url, settings),
            mend="start the database",
        )
    ]
    if settings.exchange.api_key is not None or settings.trading.master_keys:
        checks.append(
            Check(
                name="accounts",
                examine=lambda: _accounts(settings, url, hide),
                mend="check the network, EXCHANGE_REST_URL and the database",
                seconds=_ACCOUNT_SECONDS,
            )
        )
    return checks


# The clients of the exchange, of Telegram and of providers take seconds to import: only when
# they are asked.


def _exchange(settings: Settings) -> Examination:
    from app.doctor.exchange import examine_exchange

    return examine_exchange(settings.exchange)


def _telegram(settings: Settings) -> Examination:
    from app.doctor.telegram import examine_telegram

    return examine_telegram(settings.telegram)


def _providers(settings: Settings) -> Examination:
    from app.doctor.feeds import examine_feeds

    return examine_feeds(settings, kept_in=DATA_FOLDER / "feeds")


def _accounts(settings: Settings, url: URL, hide: Callable[[Sequence[str]], None]) -> Examination:
    from app.doctor.accounts import examine_accounts

    return examine_accounts(settings, url, hide)


def _redis(url: str) -> Check:
    from app.doctor.redis import examine_redis

    return Check(
        name="Redis",
        examine=lambda: examine_redis(url),
        mend="start Redis, or leave REDIS_URL away",
    )
