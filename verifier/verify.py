#!/usr/bin/env python3
"""Checks an exported record of Quorum from scratch: its chain, its rules and every outcome.

One file, Python 3.8 or newer, standard library only, nothing of the bot: read it, then run it.
The rules that it checks by are told in docs/record.md; this is a second implementation of them.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any

FORMAT = 1
GENESIS = "0" * 64
MINUTE, HOUR = 60_000, 3_600_000
CLOCK_TOLERANCE = MINUTE
"""How far, in ms, an entry's time may lie from what it tells: clocks are set, writers wait."""

RECORDING_GRACE = 5 * MINUTE
"""How long, in ms, after its end an outcome may still be about to be written."""

GIVE_UP_HOURS = "24"
"""The rule of entries that were written before the rule was part of them."""

HOLDS, BROKEN, UNCHECKED, COULD_NOT_RUN = 0, 1, 2, 3
TARGETS = ("tp1", "tp2", "tp3")
STOPPED = ("stopped", "breakeven", "trailed")
GIVEN_UP = ("cancelled", "invalidated")
NO_TRADE = ("expired", "cancelled")
STATES = frozenset((*TARGETS[2:], *STOPPED, *GIVEN_UP, *NO_TRADE, "max_hold"))

UTC = timezone.utc  # noqa: UP017 - datetime.UTC needs Python 3.11
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")
HASH = re.compile(r"[0-9a-f]{64}")
POSTED_HEAD = re.compile(r"([0-9]+):([0-9a-f]{8,64})")
CANDLE_FILE = re.compile(r"([A-Z0-9]+)-1m-([0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)\.(?:csv|zip)")


class CannotRunError(Exception):
    """Something that is needed is missing or cannot be read; it says nothing about the record."""


class DoesNotHoldError(Exception):
    """An entry that does not hold; entry 0 is the header of the file."""

    def __init__(self, entry: int, what: str, says: object = None, should: object = None) -> None:
        super().__init__(what)
        self.entry, self.what = entry, what
        self.says, self.should = says, should

    def __str__(self) -> str:
        place = f"entry {self.entry}" if self.entry else "the header (line 1)"
        text = f"{place} does not hold: {self.what}"
        if self.should is None:
            return text
        return f"{text}\n  says        {shown(self.says)}\n  should say  {shown(self.should)}"


# Texts: one value, one text


def canonical(value: object) -> str:
    """JSON with sorted keys, without spaces, in ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def shown(value: object) -> str:
    """A value for people."""
    return value if isinstance(value, str) else canonical(value)


def number_text(number: Decimal) -> str:
    """Without exponent, trailing zeros or a negative zero."""
    return format((number + 0).normalize(), "f")


def instant_text(at_ms: int) -> str:
    """UTC to the millisecond."""
    at = EPOCH + timedelta(milliseconds=at_ms)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at_ms % 1000:03d}Z"


def read_instant(text: str) -> int:
    """Milliseconds since 1970. Raises `ValueError`."""
    at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    at_ms = (at - EPOCH) // timedelta(milliseconds=1)
    if instant_text(at_ms) != text:
        raise ValueError(text)
    return at_ms


def read_json(text: str) -> object:
    """The value of a canonical text. Raises `ValueError` for any other text."""
    value: object = json.loads(text, parse_float=_refuse, parse_constant=_refuse)
    if canonical(value) != text:
        raise ValueError("not in canonical form")
    return value


def _refuse(text: str) -> object:
    raise ValueError(f"{text} is not written as a text")


class Fields:
    """A table of an entry: exactly the named fields, each of the kind that is asked for."""

    def __init__(self, entry: int, place: str, table: object, names: str, spare: str = "") -> None:
        self.entry, self.place = entry, place
        if not isinstance(table, dict):
            raise self.bad("is no table")
        wrong = set(names.split()).symmetric_difference(table) - set(spare.split())
        if wrong:
            raise self.bad(f"lacks or invents {', '.join(sorted(wrong))}")
        self.table: dict[str, Any] = table

    def bad(self, complaint: str, says: object = None, should: object = None) -> DoesNotHoldError:
        """The error that this table has a fault."""
        return DoesNotHoldError(self.entry, f"{self.place} {complaint}", says, should)

    def must_say(self, name: str, should: object) -> None:
        """A field has to have one certain value."""
        if canonical(self.table[name]) != canonical(should):
            raise self.bad(f"has the wrong {name}", self.table[name], should)

    def text(self, name: str) -> str:
        """A text that is not empty."""
        value = self.table[name]
        if not isinstance(value, str) or not value:
            raise self.bad(f"has no text for {name}", value)
        return value

    def whole(self, name: str) -> int:
        """A whole number."""
        value = self.table[name]
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.bad(f"has no whole number for {name}", value)
        return value

    def rows(self, name: str) -> list[Any]:
        """A list."""
        value = self.table[name]
        if not isinstance(value, list):
            raise self.bad(f"has no list for {name}", value)
        return value

    def number(self, name: str) -> Decimal:
        """An exact number."""
        text = self.text(name)
        if not NUMBER.fullmatch(text) or text == "-0":
            raise self.bad(f"has no number for {name}", text)
        return Decimal(text)

    def positive(self, name: str) -> Decimal:
        """An exact number above 0."""
        number = self.number(name)
        if number <= 0:
            raise self.bad(f"has a {name} that is not above 0", self.table[name])
        return number

    def instant(self, name: str) -> int:
        """An instant in ms."""
        try:
            return read_instant(self.text(name))
        except ValueError:
            raise self.bad(f"has no instant for {name}", self.table[name]) from None


# The file: a header, then the entries in their chain


@dataclass(frozen=True)
class Entry:
    """An entry whose place in the chain holds."""

    number: int
    at: int
    kind: str
    content: object
    hash: str


def chained_hash(previous: str, body: str) -> str:
    """The hash of an entry."""
    return hashlib.sha256(f"{previous}\n{body}".encode("ascii")).hexdigest()


def read_line(entry: int, line: bytes, names: str) -> Fields:
    """A line of the file: canonical JSON with certain fields."""
    try:
        table = read_json(line.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise DoesNotHoldError(entry, f"its line is not canonical JSON ({error})") from None
    return Fields(entry, "its line", table, names)


def read_entry(number: int, line: bytes, previous: str) -> Entry:
    """The entry at a place, if it is the one that belongs there by itself and by the chain."""
    fields = read_line(number, line, "at body hash kind previous_hash sequence")
    fields.must_say("sequence", number)
    fields.must_say("previous_hash", previous)
    body = fields.text("body")
    if not body.isascii():
        raise fields.bad("has a body with characters that are not ASCII")
    fields.must_say("hash", chained_hash(previous, body))
    try:
        table = read_json(body)
    except (ValueError, RecursionError) as error:
        raise DoesNotHoldError(number, f"its body is not canonical JSON ({error})") from None
    told = Fields(number, "its body", table, "at content kind sequence")
    for name in ("sequence", "at", "kind"):
        told.must_say(name, fields.table[name])
    return Entry(
        number, told.instant("at"), told.text("kind"), told.table["content"], fields.text("hash")
    )


def split_lines(data: bytes) -> list[bytes]:
    """The lines of an export, the header first."""
    lines = data.split(b"\n")
    if lines.pop() or not lines:
        raise DoesNotHoldError(len(lines), "the file ends in the middle of a line")
    return lines


def check_header(line: bytes) -> Fields:
    """The header by itself; its figures are compared when all entries are read."""
    header = read_line(0, line, "entries format head record")
    header.must_say("record", "quorum")
    if header.table["format"] != FORMAT:
        raise header.bad("is of another format: use the verify.py of that version", None, None)
    return header


# What was published


@dataclass
class Signal:
    """A signal as published, and what has become of it. Prices of a short are negative.

    With negative prices a short is a long: it earns when the number rises, and every rule needs to
    be written only once. `sign` is -1 then, and turns them back.
    """

    id: int
    entry_number: int
    head: dict[str, Any]
    sign: int
    tick: Decimal
    entry: Decimal
    stop: Decimal
    distance: Decimal
    targets: list[tuple[Decimal, Decimal]]
    break_even: Decimal
    trail: Decimal
    costs: dict[str, Decimal]
    published: int
    valid_until: int
    hold: int
    tolerance: Decimal
    give_up: int
    outcome: dict[str, Any] | None = None
    told_by: int = 0

    @property
    def symbol(self) -> str:
        """The venue's name of the pair."""
        return str(self.head["symbol"])

    @property
    def first_minute(self) -> int:
        """Number of the first 1-minute candle that opens at or after publication."""
        return -(-self.published // MINUTE)

    @property
    def longest_life(self) -> int:
        """The instant at which it has ended, whatever the market does."""
        return self.valid_until + self.hold + self.give_up


DECISION = "as_of coverage layers layers_on raw_score regime score threshold tier"
PLAN = (
    "break_even costs entry gross_reward_to_risk leverage margin net_reward_to_risk notional "
    "quantity risk_amount risk_percent shrinks stop stop_distance targets trail"
)
SIGNAL = "decision direction pair plan published_at rules signal symbol tick valid_until"
OUTCOME = (
    "costs direction ended_at entry exits net_percent net_r pair published_at signal state "
    "stop_distance symbol triggered_at"
)
PLANNED = ("entry", "stop_distance", "costs")
COPIED = ("signal", "symbol", "pair", "direction", "published_at", *PLANNED)
COSTS = "entry_fee exit_fee funding slippage"


def read_signal(entry: Entry, previous_at: int) -> Signal:
    """A published signal whose plan is consistent in itself."""
    fields = Fields(entry.number, "the signal", entry.content, SIGNAL)
    plan = Fields(entry.number, "the plan", fields.table["plan"], PLAN)
    rules = read_rules(entry.number, fields.table["rules"])
    sign = {"long": 1, "short": -1}.get(fields.text("direction"))
    if sign is None:
        raise fields.bad("is neither long nor short", fields.table["direction"])
    tick = fields.positive("tick")
    signal = Signal(
        id=fields.whole("signal"),
        entry_number=entry.number,
        head={name: (plan if name in PLANNED else fields).table[name] for name in COPIED},
        sign=sign,
        tick=tick,
        entry=sign * plan.positive("entry"),
        stop=sign * plan.positive("stop"),
        distance=plan.positive("stop_distance"),
        targets=read_targets(plan, sign),
        break_even=sign * plan.positive("break_even"),
        trail=plan.positive("trail"),
        costs=read_costs(plan),
        published=fields.instant("published_at"),
        valid_until=fields.instant("valid_until"),
        hold=rules.whole("maximum_hold_candles") * 15 * MINUTE,
        tolerance=rules.whole("entry_tolerance_ticks") * tick,
        give_up=int(rules.number("give_up_hours") * HOUR),
    )
    check_publication(fields, signal, entry.at, previous_at)
    check_plan(plan, signal)
    return signal


def read_rules(entry: int, table: object) -> Fields:
    """The rules of its life, within the bounds that the bot's settings have."""
    names = "entry_tolerance_ticks maximum_hold_candles give_up_hours"
    rules = Fields(entry, "its rules", table, names, spare="give_up_hours")
    rules.table.setdefault("give_up_hours", GIVE_UP_HOURS)
    is_within = (
        0 <= rules.whole("entry_tolerance_ticks") <= 10
        and 1 <= rules.whole("maximum_hold_candles") <= 96
        and 1 <= rules.number("give_up_hours") <= 720
    )
    if not is_within:
        raise rules.bad("are out of bounds", rules.table)
    return rules


def read_targets(plan: Fields, sign: int) -> list[tuple[Decimal, Decimal]]:
    """Price and fraction of each of the three targets."""
    rows = plan.rows("targets")
    targets = [Fields(plan.entry, "a target", row, "fraction multiple price") for row in rows]
    fractions = [target.positive("fraction") for target in targets]
    if len(targets) != len(TARGETS) or sum(fractions) != 1:
        raise plan.bad("has not three targets that close everything", rows)
    return [
        (sign * target.positive("price"), fractions[number])
        for number, target in enumerate(targets)
    ]


def read_costs(plan: Fields) -> dict[str, Decimal]:
    """Fractions of the notional by name."""
    costs = Fields(plan.entry, "its costs", plan.table["costs"], COSTS)
    return {name: costs.number(name) for name in COSTS.split()}


def check_publication(fields: Fields, signal: Signal, at: int, previous_at: int) -> None:
    """When it was published, and that it had the score that it needed."""
    fields.text("symbol")
    fields.text("pair")
    if signal.valid_until > signal.published + 24 * HOUR:
        raise fields.bad("can be entered for more than a day", fields.table["valid_until"])
    late = at - signal.published
    # The time of an entry is moved only so far as not to lie before the entry that it follows.
    if late < 0 or late > CLOCK_TOLERANCE or (late and at != previous_at):
        raise fields.bad(
            "was not written when it was published",
            instant_text(signal.published),
            instant_text(at),
        )
    decision = Fields(signal.entry_number, "the decision", fields.table["decision"], DECISION)
    if decision.instant("as_of") > signal.published:
        raise decision.bad("is younger than its publication", decision.table["as_of"])
    if decision.number("score") < decision.number("threshold"):
        raise decision.bad("lacks the score that it needed", decision.table["score"])


def check_plan(plan: Fields, signal: Signal) -> None:
    """All figures that follow from entry, stop, costs, multiples, quantity and leverage."""
    entry, costs, tick = signal.entry, signal.costs, signal.tick
    if entry % tick or signal.stop % tick:
        raise plan.bad("has prices off the tick grid")
    round_trip = sum(costs.values(), costs["slippage"])
    cost = abs(entry) * max(Decimal(0), round_trip)
    distance = entry - signal.stop
    quantity, leverage = plan.positive("quantity"), plan.positive("leverage")
    plan.must_say("stop_distance", number_text(distance))
    check_target_prices(plan, signal)
    reward = signal.targets[1][0] - entry
    notional = quantity * abs(entry)
    expected = {
        "break_even": signal.sign * to_grid(entry + cost, tick, ROUND_CEILING),
        "gross_reward_to_risk": to_grid(reward / distance, Decimal("0.01"), ROUND_FLOOR),
        "net_reward_to_risk": to_grid(
            (reward - cost) / (distance + cost), Decimal("0.01"), ROUND_FLOOR
        ),
        "notional": notional,
        "margin": (notional / leverage).quantize(Decimal("0.00000001")),
        "risk_amount": quantity * (distance + cost),
    }
    for name, number in expected.items():
        plan.must_say(name, number_text(number))
    plan.positive("risk_percent")
    if leverage % 1:
        raise plan.bad("has a leverage that is not whole", plan.table["leverage"])


def check_target_prices(plan: Fields, signal: Signal) -> None:
    """Targets lie at rising multiples of the distance, rounded to the trade's disadvantage."""
    before = Decimal(0)
    for number, row in enumerate(plan.rows("targets")):
        target = Fields(plan.entry, f"target {number + 1}", row, "fraction multiple price")
        multiple = target.positive("multiple")
        wanted = signal.entry + signal.distance * multiple
        price = signal.sign * to_grid(wanted, signal.tick, ROUND_FLOOR)
        target.must_say("price", number_text(price))
        if multiple <= before:
            raise target.bad("is not further away than the one before", row["multiple"])
        before = multiple


def to_grid(value: Decimal, grid: Decimal, rounding: str) -> Decimal:
    """The nearest multiple of a step in a direction."""
    return (value / grid).to_integral_value(rounding=rounding) * grid


# What became of it, as the record tells


def check_outcome(entry: Entry, place: str, content: object, signal: Signal) -> dict[str, Any]:
    """An outcome that repeats its signal and whose result follows from its exits."""
    fields = Fields(entry.number, place, content, OUTCOME)
    for name, value in signal.head.items():
        fields.must_say(name, value)
    state, ended = fields.text("state"), fields.instant("ended_at")
    if state not in STATES:
        raise fields.bad("has a state in which nothing ends", state)
    if not signal.published < ended <= entry.at + CLOCK_TOLERANCE:
        raise fields.bad("did not end between publication and this entry", fields.table["ended_at"])
    exits = [
        Fields(entry.number, "an exit", row, "at fraction price state")
        for row in fields.rows("exits")
    ]
    closed = sum((leg.positive("fraction") for leg in exits), Decimal(0))
    if closed != (0 if state in NO_TRADE else 1):
        raise fields.bad("does not close the position once", fields.table["exits"])
    check_times(fields, exits, signal)
    result = net_result(
        signal,
        [
            (leg.text("state"), signal.sign * leg.positive("price"), leg.number("fraction"))
            for leg in exits
        ],
    )
    for name, number in result.items():
        fields.must_say(name, number)
    return fields.table


def check_times(fields: Fields, exits: list[Fields], signal: Signal) -> None:
    """Entry, exits and end follow each other as their states ask for."""
    state, ended = fields.text("state"), fields.instant("ended_at")
    if state in NO_TRADE:
        fields.must_say("triggered_at", None)
        patience = signal.give_up if state == "cancelled" else 0
        fields.must_say("ended_at", instant_text(signal.valid_until + patience))
        return
    triggered = fields.instant("triggered_at")
    times = [triggered, *(leg.instant("at") for leg in exits)]
    if not signal.published < triggered <= signal.valid_until or times != sorted(times):
        raise fields.bad("has times that do not follow each other", fields.table["exits"])
    for number, leg in enumerate(exits):
        leg.must_say("state", state if number == len(exits) - 1 else TARGETS[number])
    exits[-1].must_say("at", fields.table["ended_at"])
    if state == "invalidated" and ended != triggered + signal.hold + signal.give_up:
        raise fields.bad("was not given up at its time", fields.table["ended_at"])


def net_result(signal: Signal, exits: Iterable[tuple[str, Decimal, Decimal]]) -> dict[str, str]:
    """Result after costs, in R and in percent of the entry, of exits (state, price, fraction)."""
    gain, costs = Decimal(0), signal.costs
    for state, price, fraction in exits:
        slippages = 1 if state in TARGETS else 2
        rate = (
            costs["entry_fee"]
            + costs["exit_fee"]
            + costs["funding"]
            + slippages * costs["slippage"]
        )
        gain += fraction * (price - signal.entry - abs(signal.entry) * rate)
    six_places = Decimal("0.000001")
    return {
        "net_r": number_text((gain / signal.distance).quantize(six_places)),
        "net_percent": number_text((gain / abs(signal.entry) * 100).quantize(six_places)),
    }


# The venue's candles


@dataclass(frozen=True)
class Candle:
    """A closed 1-minute candle as a trade sees it; `opened` and `closed` in ms."""

    opened: int
    open: Decimal
    best: Decimal
    worst: Decimal
    close: Decimal
    is_traded: bool

    @property
    def closed(self) -> int:
        """The boundary at which it was over."""
        return self.opened + MINUTE


class CandleFolder:
    """Files `SYMBOL-1m-2026-01-31.csv` or `.zip`, of a day or a month, anywhere in a folder."""

    def __init__(self, folder: Path | None) -> None:
        self._files: dict[str, list[tuple[str, Path]]] = {}
        if folder is not None and not folder.is_dir():
            raise CannotRunError(f"{folder} is no folder; --candles names one with candle files")
        for path in sorted(folder.rglob("*-1m-*")) if folder is not None else ():
            named = CANDLE_FILE.fullmatch(path.name)
            if named:
                self._files.setdefault(named.group(1), []).append((named.group(2), path))

    def load(self, symbol: str, wanted: set[int]) -> dict[int, tuple[Decimal, ...]]:
        """The rows of a symbol at numbers of minutes, as far as they are there."""
        days = {instant_text(minute * MINUTE)[:10] for minute in wanted}
        rows: dict[int, tuple[Decimal, ...]] = {}
        for date, path in self._files.get(symbol, ()):
            if any(day.startswith(date) for day in days):
                self._add(path, wanted, rows)
        return rows

    def _add(self, path: Path, wanted: set[int], rows: dict[int, tuple[Decimal, ...]]) -> None:
        for number, row in enumerate(read_table(path), start=1):
            if number == 1 and not row[0].isdigit():
                continue  # the names of the columns
            try:
                minute = minute_of(row[0])
                if minute in wanted:
                    add_once(rows, minute, prices_of(row))
            except (ValueError, ArithmeticError, IndexError) as error:
                raise CannotRunError(
                    f"{path}, line {number}: {error!r}; download the file again"
                ) from None


def read_table(path: Path) -> Iterator[list[str]]:
    """The rows of a file that are not empty."""
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as packed:
                yield from filter(None, csv.reader(io.TextIOWrapper(packed, "ascii")))
        else:
            with path.open(encoding="ascii", newline="") as plain:
                yield from filter(None, csv.reader(plain))
    except (OSError, ValueError, zipfile.BadZipFile, csv.Error, IndexError) as error:
        raise CannotRunError(f"{path} cannot be read: {error}; download it again") from None


def minute_of(open_time: str) -> int:
    """The number of a candle from its open time in milli- or microseconds."""
    opened = int(open_time)
    if opened >= 10**14:  # microseconds: as milliseconds it would be after the year 5138
        opened //= 1000
    if opened % MINUTE:
        raise ValueError(f"open time {open_time} is not on a minute")
    return opened // MINUTE


def add_once(
    rows: dict[int, tuple[Decimal, ...]], minute: int, values: tuple[Decimal, ...]
) -> None:
    """Files of a day and of a month may both have a candle, but not tell it differently."""
    if rows.setdefault(minute, values) != values:
        raise ValueError(f"another file tells this candle differently: {rows[minute]}")


def prices_of(row: list[str]) -> tuple[Decimal, ...]:
    """Open, high, low, close and volume of a row."""
    opened, high, low, close, volume = values = tuple(Decimal(cell) for cell in row[1:6])
    if not 0 < low <= min(opened, close) <= max(opened, close) <= high or volume < 0:
        raise ValueError(f"impossible candle {row}")
    return values


def candle_of(minute: int, row: tuple[Decimal, ...], sign: int) -> Candle:
    """A row as a trade of a direction sees it."""
    opened, high, low, close, volume = row
    return Candle(
        opened=minute * MINUTE,
        open=sign * opened,
        best=high if sign > 0 else -low,
        worst=low if sign > 0 else -high,
        close=sign * close,
        is_traded=volume > 0 or high > low,
    )


# The life of a signal, recomputed


@dataclass
class Life:
    """How far a signal has come; `exits` are (state, price, fraction, at)."""

    signal: Signal
    stop: Decimal
    entered: int | None = None
    taken: int = 0
    best: Decimal | None = None
    exits: list[tuple[str, Decimal, Decimal, int]] = field(default_factory=list)
    end: tuple[str, int] | None = None

    @property
    def due(self) -> int:
        """When it should end: at the end of the entry window, or of the longest hold."""
        if self.entered is None:
            return self.signal.valid_until
        return self.entered + self.signal.hold

    def pass_through(self, candle: Candle) -> None:
        """What a closed candle does to it."""
        if self.entered is None:
            self._wait(candle)
        elif not candle.is_traded:
            if candle.closed >= self.due + self.signal.give_up:
                self.give_up()
        else:
            self._hold(candle)

    def give_up(self) -> None:
        """It ends without candles: no trade, or what is open counts as closed at the stop."""
        at = self.due + self.signal.give_up
        if self.entered is None:
            self.end = ("cancelled", at)
        else:
            self._leave("invalidated", self.stop, at)

    def outcome(self) -> dict[str, Any]:
        """The outcome that the record should tell."""
        if self.end is None:
            raise ValueError("it has not ended")
        state, ended = self.end
        sign = self.signal.sign
        return {
            **self.signal.head,
            "state": state,
            "triggered_at": None if self.entered is None else instant_text(self.entered),
            "ended_at": instant_text(ended),
            "exits": [
                {
                    "state": name,
                    "price": number_text(sign * price),
                    "fraction": number_text(fraction),
                    "at": instant_text(at),
                }
                for name, price, fraction, at in self.exits
            ],
            **net_result(self.signal, (leg[:3] for leg in self.exits)),
        }

    def _wait(self, candle: Candle) -> None:
        signal, tolerance = self.signal, self.signal.tolerance
        is_met = candle.worst - tolerance <= signal.entry <= candle.best + tolerance
        if candle.is_traded and candle.closed <= signal.valid_until and is_met:
            self.entered = candle.closed
            if candle.worst <= self.stop:
                self._leave("stopped", self.stop, candle.closed)
            else:
                # Of the prices after the entry only the close is known.
                self._gain(replace(candle, open=signal.entry, best=candle.close))
        elif candle.closed >= signal.valid_until:
            self.end = ("expired", signal.valid_until)

    def _hold(self, candle: Candle) -> None:
        if candle.opened >= self.due:
            self._leave("max_hold", candle.open, candle.closed)
        elif candle.worst <= self.stop:
            self._leave(STOPPED[self.taken], min(self.stop, candle.open), candle.closed)
        else:
            self._gain(candle)

    def _gain(self, candle: Candle) -> None:
        self._take_targets(candle)
        if self.end is None and candle.closed >= self.due:
            self._leave("max_hold", candle.close, candle.closed)
        if self.end is None and self.taken == len(TARGETS) - 1:
            self._trail(candle)

    def _take_targets(self, candle: Candle) -> None:
        while self.end is None and candle.best >= self.signal.targets[self.taken][0]:
            target, fraction = self.signal.targets[self.taken]
            price, state = max(target, candle.open), TARGETS[self.taken]
            if state == TARGETS[-1]:
                self._leave(state, price, candle.closed)
                return
            self.exits.append((state, price, fraction, candle.closed))
            self.taken += 1
            moved = self.signal.break_even if self.taken == 1 else self.signal.targets[0][0]
            self.stop = max(self.stop, moved)
            if candle.close <= self.stop or candle.worst <= self.stop < candle.open:
                self._leave(STOPPED[self.taken], self.stop, candle.closed)

    def _trail(self, candle: Candle) -> None:
        self.best = candle.best if self.best is None else max(self.best, candle.best)
        behind = to_grid(self.best - self.signal.trail, self.signal.tick, ROUND_FLOOR)
        self.stop = max(self.stop, behind)

    def _leave(self, state: str, price: Decimal, at: int) -> None:
        rest = 1 - sum((leg[2] for leg in self.exits), Decimal(0))
        self.exits.append((state, price, rest, at))
        self.end = (state, at)


def follow(signal: Signal, find: Callable[[int], Candle | None]) -> tuple[Life, int]:
    """Its life through the candles, and the number of the minute that is needed next."""
    life, minute = Life(signal, signal.stop), signal.first_minute
    while life.end is None:
        candle = find(minute)
        if candle is None:
            break
        life.pass_through(candle)
        minute += 1
    return life, minute


# The verification


@dataclass
class Findings:
    """What came of it all."""

    entries: int = 0
    head: str = GENESIS
    hashes: list[str] = field(default_factory=list)
    last_at: int = 0
    signals: dict[int, Signal] = field(default_factory=dict)
    corrections: int = 0
    problems: list[DoesNotHoldError] = field(default_factory=list)
    checked: int = 0
    live: list[int] = field(default_factory=list)
    unchecked: dict[int, str] = field(default_factory=dict)
    heads: int = 0

    @property
    def first_problem(self) -> DoesNotHoldError | None:
        """The first entry that does not hold."""
        return self.problems[0] if self.problems else None


def verify(data: bytes, candles: CandleFolder, heads: Iterable[tuple[int, str]] = ()) -> Findings:
    """Check a whole export. Raises `CannotRunError` when the candles cannot be read."""
    findings = Findings()
    try:
        read_record(data, findings)
        check_heads(findings, heads)
    except DoesNotHoldError as problem:
        findings.problems.append(problem)
    by_symbol: dict[str, list[Signal]] = {}
    for signal in findings.signals.values():
        by_symbol.setdefault(signal.symbol, []).append(signal)
    for symbol, signals in by_symbol.items():
        recompute(symbol, signals, candles, findings)
    findings.problems.sort(key=lambda problem: problem.entry)
    return findings


def read_record(data: bytes, findings: Findings) -> None:
    """Read entry after entry, up to the first that contradicts the chain or the rules."""
    lines = split_lines(data)
    header = check_header(lines[0])
    for number, line in enumerate(lines[1:], start=1):
        entry = read_entry(number, line, findings.head)
        try:
            take_in(entry, findings)
        except ArithmeticError:
            raise DoesNotHoldError(number, "has figures that cannot be computed with") from None
        findings.entries, findings.head, findings.last_at = number, entry.hash, entry.at
        findings.hashes.append(entry.hash)
    header.must_say("entries", findings.entries)
    header.must_say("head", findings.head)


def take_in(entry: Entry, findings: Findings) -> None:
    """An entry by its kind, against all that came before it."""
    if entry.at < findings.last_at:
        before = instant_text(findings.last_at)
        raise DoesNotHoldError(entry.number, "is older than the entry before", None, before)
    if entry.kind == "signal":
        signal = read_signal(entry, findings.last_at)
        expected = len(findings.signals) + 1
        if signal.id != expected:
            raise DoesNotHoldError(entry.number, "is not the next signal", signal.id, expected)
        findings.signals[signal.id] = signal
    elif entry.kind == "outcome":
        take_in_outcome(entry, findings)
    elif entry.kind == "correction":
        take_in_correction(entry, findings)
    else:
        raise DoesNotHoldError(entry.number, "is of an unknown kind", entry.kind)


def take_in_outcome(entry: Entry, findings: Findings) -> None:
    """The one outcome of a signal before it."""
    signal = signal_of(entry, findings)
    if signal.outcome is not None:
        raise DoesNotHoldError(
            entry.number, f"signal {signal.id} has an outcome already, entry {signal.told_by}"
        )
    signal.outcome = check_outcome(entry, "the outcome", entry.content, signal)
    signal.told_by = entry.number


def take_in_correction(entry: Entry, findings: Findings) -> None:
    """A correction of what stands, with another outcome."""
    fields = Fields(entry.number, "the correction", entry.content, "outcome reason restates signal")
    signal = signal_of(entry, findings)
    if signal.outcome is None:
        raise fields.bad(f"restates signal {signal.id}, which has no outcome")
    fields.text("reason")
    fields.must_say("signal", signal.id)
    fields.must_say("restates", signal.told_by)
    restated = check_outcome(entry, "the restated outcome", fields.table["outcome"], signal)
    if restated == signal.outcome:
        raise fields.bad("restates without a difference")
    signal.outcome, signal.told_by = restated, entry.number
    findings.corrections += 1


def signal_of(entry: Entry, findings: Findings) -> Signal:
    """The signal that an entry is about."""
    number = entry.content.get("signal") if isinstance(entry.content, dict) else None
    signal = findings.signals.get(number) if isinstance(number, int) else None
    if signal is None:
        raise DoesNotHoldError(entry.number, "is about a signal that is not in the record", number)
    return signal


def check_heads(findings: Findings, heads: Iterable[tuple[int, str]]) -> None:
    """Heads that were posted are those of this record."""
    for count, posted in sorted(heads):
        if count > findings.entries:
            raise DoesNotHoldError(
                findings.entries + 1,
                f"it is missing, though a head of {count} entries was posted",
            )
        own = findings.hashes[count - 1] if count else GENESIS
        if not own.startswith(posted):
            raise DoesNotHoldError(
                count, "this or an earlier one is not the one whose hash was posted", own, posted
            )
        findings.heads += 1


def recompute(
    symbol: str, signals: list[Signal], candles: CandleFolder, findings: Findings
) -> None:
    """Follow all signals of a pair anew and compare."""
    wanted = {minute for signal in signals for minute in minutes_of(signal, findings.last_at)}
    rows = candles.load(symbol, wanted)
    for signal in signals:
        until = signal.longest_life if signal.outcome is not None else findings.last_at

        def find(minute: int, sign: int = signal.sign, until: int = until) -> Candle | None:
            row = rows.get(minute)
            if row is None or (minute + 1) * MINUTE > until:
                return None
            return candle_of(minute, row, sign)

        life, missing = follow(signal, find)
        try:
            if signal.outcome is None:
                judge_silence(signal, life, missing, findings)
            else:
                judge_outcome(signal, signal.outcome, life, missing, findings)
        except DoesNotHoldError as problem:
            findings.problems.append(problem)


def minutes_of(signal: Signal, last_at: int) -> range:
    """Numbers of the minutes that can decide on its end."""
    until = last_at
    if signal.outcome is not None:
        until = max(signal.valid_until + signal.hold, read_instant(signal.outcome["ended_at"]))
    return range(signal.first_minute, -(-min(until, signal.longest_life) // MINUTE) + 1)


def judge_outcome(
    signal: Signal, told: dict[str, Any], life: Life, missing: int, findings: Findings
) -> None:
    """Whether the record tells what the candles tell."""
    if life.end is not None:
        for name, should in life.outcome().items():
            if told[name] != should:
                raise DoesNotHoldError(
                    signal.told_by, f"signal {signal.id} has the wrong {name}", told[name], should
                )
        findings.checked += 1
    elif missing * MINUTE < read_instant(told["ended_at"]):
        given_up = "given up, " if told["state"] in GIVEN_UP else ""
        findings.unchecked[signal.id] = given_up + no_candle(missing)
    else:
        raise DoesNotHoldError(
            signal.told_by,
            f"signal {signal.id} had not ended by the candles up to then",
            told["state"],
            "nothing yet",
        )


def judge_silence(signal: Signal, life: Life, missing: int, findings: Findings) -> None:
    """Whether a signal without an outcome can be without one."""
    now = findings.last_at
    ended = signal.longest_life if life.end is None else life.end[1]
    # While a venue does not answer the bot waits for it, at most as long as it gives up after.
    patience = 0 if life.end is None else signal.give_up
    if now > ended + patience + HOUR:
        raise DoesNotHoldError(
            findings.entries + 1,
            f"the outcome of signal {signal.id} (entry {signal.entry_number}) is missing: it ended "
            f"by {instant_text(ended)}, and the record goes on until {instant_text(now)}",
        )
    if life.end is not None and now > ended + RECORDING_GRACE:
        findings.unchecked[signal.id] = f"late: it ended {instant_text(ended)} without an outcome"
    elif life.end is None and (missing + 1) * MINUTE <= now:
        findings.unchecked[signal.id] = no_candle(missing)
    else:
        findings.live.append(signal.id)


def no_candle(minute: int) -> str:
    """Why something was not checked."""
    return f"no candles from {instant_text(minute * MINUTE)[:16]}Z on"


# The report


def totals(findings: Findings) -> dict[str, Any]:
    """The sums of the record, corrections counted instead of what they restate."""
    outcomes = [one.outcome for one in findings.signals.values() if one.outcome is not None]
    states = Counter(outcome["state"] for outcome in outcomes)
    results = [Decimal(one["net_r"]) for one in outcomes if one["state"] not in NO_TRADE]
    return {
        "signals": len(findings.signals),
        "live": len(findings.signals) - len(outcomes),
        "expired": states["expired"],
        "cancelled": states["cancelled"],
        "trades": len(results),
        "won": sum(result > 0 for result in results),
        "total_r": number_text(sum(results, Decimal(0))),
        "corrections": findings.corrections,
    }


def report_text(findings: Findings) -> str:
    """The findings for people."""
    sums = totals(findings)
    lines = [
        f"entries    {findings.entries}, head {findings.head}",
        f"heads      {findings.heads} posted heads are those of this record",
        (
            f"outcomes   {findings.checked} recomputed from candles, "
            f"{len(findings.unchecked)} not checked, {len(findings.live)} signals still live"
        ),
        (
            f"totals     {sums['signals']} signals, {sums['expired']} expired, "
            f"{sums['cancelled']} cancelled, {sums['trades']} trades, {sums['won']} won, "
            f"{sums['total_r']} R, {sums['corrections']} corrections"
        ),
    ]
    lines += [
        f"not checked: signal {number}: {reason}"
        for number, reason in sorted(findings.unchecked.items())
    ]
    if findings.problems:
        return "\n".join([*map(str, findings.problems), "", "up to there:", *lines])
    verdict = "THE RECORD HOLDS" if not findings.unchecked else "holds as far as it was checked"
    return "\n".join([*lines, verdict])


def report_json(findings: Findings) -> str:
    """The findings for machines."""
    problem = findings.first_problem
    return json.dumps(
        {
            "holds": problem is None,
            "entries": findings.entries,
            "head": findings.head,
            "heads_checked": findings.heads,
            "outcomes_recomputed": findings.checked,
            "live": sorted(findings.live),
            "not_checked": {str(key): why for key, why in sorted(findings.unchecked.items())},
            "totals": totals(findings),
            "first_problem": None
            if problem is None
            else {
                "entry": problem.entry,
                "what": problem.what,
                "says": problem.says,
                "should_say": problem.should,
            },
        },
        indent=2,
    )


def posted_head(text: str) -> tuple[int, str]:
    """`57:3f9a01bc...` as count and hash."""
    found = POSTED_HEAD.fullmatch(text.lower())
    if found is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not COUNT:HASH, for example 57:3f9a01bc (at least 8 hex digits)"
        )
    return int(found.group(1)), found.group(2)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        self.exit(COULD_NOT_RUN, f"{self.format_usage()}{self.prog}: error: {message}\n")


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = _Parser(
        prog="verify.py",
        description=(
            "Checks a record of Quorum without trusting the bot: recomputes the hash chain, "
            "compares it with heads that were posted, checks that every signal has at most one "
            "outcome and none is left out, and follows every signal anew through the venue's "
            "1-minute candles."
        ),
        epilog=(
            "exit code: 0 everything holds; 1 an entry does not hold (the first is named); 2 all "
            "that was checked holds, but not everything could be checked; 3 could not run. "
            "Candles: https://data.binance.vision, futures/um, daily or monthly klines of 1m."
        ),
    )
    add = parser.add_argument
    add("ledger", metavar="LEDGER", help="the exported record, a file of JSON lines")
    add("--candles", metavar="DIR", type=Path, help="folder with SYMBOL-1m-DATE.csv or .zip")
    add(
        "--head",
        metavar="COUNT:HASH",
        type=posted_head,
        nargs="+",
        action="append",
        default=[],
        help="number of entries and head as a daily report posted them; several are welcome",
    )
    add("--allow-unchecked", action="store_true", help="what lacks candles is no failure")
    add("--json", action="store_true", help="print the findings as JSON")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the exit code."""
    options = build_parser().parse_args(arguments)
    try:
        data = Path(options.ledger).read_bytes()
        heads = [head for several in options.head for head in several]
        findings = verify(data, CandleFolder(options.candles), heads)
    except (CannotRunError, OSError) as error:
        sys.stderr.write(f"could not run: {error}\n")
        return COULD_NOT_RUN
    sys.stdout.write((report_json if options.json else report_text)(findings) + "\n")
    if findings.problems:
        return BROKEN
    return UNCHECKED if findings.unchecked and not options.allow_unchecked else HOLDS


if __name__ == "__main__":
    sys.exit(main())
