"""The command line. A command imports what it needs when it runs, so `--help` is instant."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.account_commands import account_commands
from app.backtest.commands import backtest, compare
from app.garbage import keep_everything
from app.history_commands import add_history_commands
from app.ledger_commands import ledger_commands
from app.parameter_commands import parameter_commands
from app.running import execute
from app.typed_numbers import LARGEST_NUMBER
from app.upkeep.commands import add_upkeep_commands
from app.walk_forward.commands import walk_forward

commands = typer.Typer(
    name="quorum",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=(
        "Quorum: a signal only when independent layers of data agree.\n\n"
        "New here? `python -m app demo` plays a simulated market day in this terminal: no key, "
        "no server, no network. `python -m app run` does the same on Binance's live public data; "
        "put a Telegram token into .env and the posts go to your channel. Settings: "
        "docs/configuration.md."
    ),
)

commands.add_typer(ledger_commands, name="ledger")
commands.add_typer(account_commands, name="accounts")
commands.add_typer(parameter_commands, name="parameters")
add_history_commands(commands)
add_upkeep_commands(commands)
commands.command()(backtest)
commands.command()(compare)
commands.command(name="walk-forward")(walk_forward)

Speed = Annotated[
    float,
    typer.Option(help="How fast exchange time runs: 1 is real time, 600 ten minutes a second."),
]
Candles = Annotated[
    Path | None,
    typer.Option(
        help="Folder with recorded candles, one SYMBOL.parquet each (columns timestamp, open, "
        "high, low, close, volume). Without it the market is synthetic.",
        exists=True,
        file_okay=False,
    ),
]
SourceKind = Literal["hftbacktest", "cryptofeed"]

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_TOO_LATE = datetime(2100, 1, 1, tzinfo=UTC)
"""A market needs days around its start, and dates end with the year 9999."""


def _within_reach(start: datetime | None) -> datetime | None:
    if start is not None and not _EARLIEST <= start.replace(tzinfo=UTC) < _TOO_LATE:
        raise typer.BadParameter(f"{start:%Y-%m-%d}; allowed is 2000-01-01 to 2099-12-31")
    return start


Start = Annotated[
    datetime | None,
    typer.Option(
        help="UTC day or instant at which the market starts.",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
        callback=_within_reach,
    ),
]
Seed = Annotated[
    int, typer.Option(min=0, help="Seed of the synthetic market: same seed, same market.")
]
Pairs = Annotated[int, typer.Option(min=1, max=400, help="Pairs of the synthetic market.")]


@commands.command()
def run() -> None:
    """Run the bot on live public data, in Telegram or (without a token) in this terminal."""
    with keep_everything():
        from app.run import run_bot

    execute(run_bot)


@commands.command()
def demo(
    candles: Candles = None,
    start: Start = None,
    days: Annotated[
        float | None, typer.Option(min=0.05, max=60, help="How many days of market to play.")
    ] = None,
    speed: Speed = 600.0,
    seed: Seed = 7,
    pairs: Pairs = 40,
    json: Annotated[
        Path | None, typer.Option(help="Write the summary to this file as JSON as well.")
    ] = None,
) -> None:
    """Play a market day: real wiring and real sockets against a simulated venue, then a summary.

    Example: python -m app demo --candles ../candles/um_5m --start 2025-10-06 --days 5
    """
    from app.demo import DemoOptions, run_demo

    options = DemoOptions(
        candles=candles, start=start, days=days, speed=speed, seed=seed, pairs=pairs, json=json
    )
    execute(lambda: run_demo(options))


@commands.command()
def simulate(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8700,
    candles: Candles = None,
    start: Start = None,
    days: Annotated[float, typer.Option(min=0.05, max=60, help="Days of market to play.")] = 3.0,
    speed: Speed = 1.0,
    seed: Seed = 42,
    pairs: Pairs = 40,
    recording: Annotated[
        Path | None,
        typer.Option(help="Play this folder of `python -m app record` instead, byte for byte."),
    ] = None,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            help="Play a scene on BTCUSDT in the minutes before a close, one a quarter of an hour; "
            "may be given again. Walls and spoofs need --speed 1. Names: ask-wall, bid-wall, "
            "spoofed-bids, spoofed-asks, absorbed-buying, absorbed-selling, long-cascade, "
            "short-cascade."
        ),
    ] = None,
    account: Annotated[
        list[str] | None,
        typer.Option(
            help="An account that can trade: name, key and secret with colons between them; may be "
            "given again. Without it there is one: usual:simulated-key:simulated-secret. Each "
            "begins with 10,000 USDT."
        ),
    ] = None,
    hold: Annotated[
        bool, typer.Option("--hold", help="Let time stand until POST /simulator/release.")
    ] = False,
    announce: Annotated[
        bool,
        typer.Option(
            "--announce",
            help="Print the addresses as one line of JSON, and end when standard input does.",
        ),
    ] = False,
) -> None:
    """Serve a simulated venue that speaks Binance's futures protocol, orders included.

    Point any client at it, for example this bot: EXCHANGE_REST_URL=http://127.0.0.1:8700
    EXCHANGE_WS_URL=ws://127.0.0.1:8700 CLOCK_SPEED=<speed> python -m app run
    """
    from app.simulate import SimulationOptions, run_simulator

    options = SimulationOptions(
        host=host,
        port=port,
        candles=candles,
        start=start,
        days=days,
        speed=speed,
        seed=seed,
        pairs=pairs,
        recording=recording,
        scenarios=tuple(scenario or ()),
        accounts=tuple(account or ()),
        hold=hold,
        announce=announce,
    )
    execute(lambda: run_simulator(options))


@commands.command()
def record(
    pairs: Annotated[str, typer.Option(help="Symbols with commas between: BTCUSDT,ETHUSDT.")],
    out: Annotated[
        Path, typer.Option(help="Folder of the recording; an earlier one in it is continued.")
    ],
    hours: Annotated[
        float | None, typer.Option(min=0.0, help="Stop after so long; else at Ctrl-C.")
    ] = None,
    rotate_minutes: Annotated[
        float, typer.Option(min=0.01, help="Begin a new file after so long.")
    ] = 60.0,
) -> None:
    """Record a venue's public market data as it comes, to be played by `simulate --recording`.

    Example: python -m app record --pairs BTCUSDT,ETHUSDT --out var/recording
    """
    from app.record import RecordOptions, run_recorder

    options = RecordOptions(pairs=pairs, out=out, hours=hours, rotate_minutes=rotate_minutes)
    execute(lambda: run_recorder(options))


@commands.command()
def import_recording(
    source: Annotated[Path, typer.Argument(help="File or folder that another recorder wrote.")],
    out: Annotated[
        Path, typer.Option(help="Folder for the recording; must be empty or not exist.")
    ],
    kind: Annotated[
        SourceKind,
        typer.Option(help="hftbacktest: `<ns> <json>` lines; cryptofeed: `<seconds>: <json>`."),
    ],
) -> None:
    """Turn another recorder's raw files into a recording that `simulate --recording` plays."""
    from app.import_recording import run_import

    execute(lambda: run_import(source, out, kind))


@commands.command()
def replay(
    signal: Annotated[
        int, typer.Argument(min=1, max=LARGEST_NUMBER, help="The number that its post shows: 12.")
    ],
    json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Decide, plan and word a published signal again from what was stored, and compare.

    Reads only, also while the bot runs. The exit code is 1 when anything differs
    (docs/replay.md).
    """
    from app.replay_command import replay_signal

    execute(lambda: replay_signal(signal, as_json=json))


@commands.command()
def doctor(
    quick: Annotated[
        bool, typer.Option("--quick", help="Only what is on this machine: for health checks.")
    ] = False,
) -> None:
    """Check settings, database, exchange, Telegram, disk, versions; say how to mend a failure."""
    from app.doctor import run_doctor

    execute(lambda: run_doctor(quick=quick))


@commands.command()
def docs() -> None:
    """Write docs/configuration.md and the comments of config/quorum.toml from the settings."""
    from app.documents import write_documents

    execute(write_documents)


@commands.command()
def version() -> None:
    """Print the version."""
    from app.version import VERSION

    print(VERSION)  # noqa: T201 - a command answers on standard output
