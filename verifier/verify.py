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
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path
from typing import Any, NamedTuple

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

DECISION = "as_of coverage layers layers_on raw_score regime score threshold tier"
PLAN = (
    "break_even costs entry gross_reward_to_risk leverage margin net_reward_to_risk notional "
    "quantity risk_amount risk_percent shrinks stop stop_distance targets trail"
)
SIGNAL = "decision direction pair plan published_at rules signal symbol tick valid_until"
RULES = "entry_tolerance_ticks maximum_hold_candles give_up_hours"
COSTS = "entry_fee exit_fee funding slippage"
OUTCOME = (
    "costs direction ended_at entry exits net_percent net_r pair published_at signal state "
    "stop_distance symbol triggered_at"
)
PLANNED = ("entry", "stop_distance", "costs")
COPIED = ("signal", "symbol", "pair", "direction", "published_at", *PLANNED)

UTC = timezone.utc  # noqa: UP017 - datetime.UTC needs Python 3.11
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KINDS = {str: "text", int: "whole number", list: "list"}
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?")
POSTED_HEAD = re.compile(r"([0-9]+):([0-9a-f]{8,64})")
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
"""How damage shows; a RuntimeError is a zip with a password or of an unknown kind."""
UNREADABLE = (OSError, ValueError, IndexError, csv.Error, *BROKEN_ZIP)
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


def read_canonical(text: str) -> object:
    """The value of a canonical text; `ValueError` for any other text, even of an equal value."""

    def refuse(number: str) -> object:
        raise ValueError(f"{number} is not written as a text")

    value: object = json.loads(text, parse_float=refuse, parse_constant=refuse)
    if canonical(value) != text:
        raise ValueError("it is written otherwise")
    return value


def shown(value: object) -> str:
    """A value for people, in characters that no terminal obeys."""
    text = canonical(value)
    return text[1:-1] if isinstance(value, str) else text


def number_text(number: Decimal) -> str:
    """Without exponent, trailing zeros or a negative zero."""
    return format((number + 0).normalize(), "f")


def instant_text(at_ms: int) -> str:
    """UTC to the millisecond."""
    at = EPOCH + timedelta(milliseconds=at_ms)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at_ms % 1000:03d}Z"


def read_instant(text: str) -> int:
    """Milliseconds since 1970; `ValueError` for a text that is no instant."""
    at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    at_ms = (at - EPOCH) // timedelta(milliseconds=1)
    if instant_text(at_ms) != text:
        raise ValueError(text)
    return at_ms


class Fields:
    """A table of an entry: exactly the named fields, each of the kind that is asked for."""

    def __init__(self, entry: int, place: str, table: object, names: str) -> None:
        self.entry, self.place = entry, place
        if not isinstance(table, dict):
            raise self.bad("is no table")
        wrong = set(names.split()).symmetric_difference(table)
        if wrong:
            raise self.bad(f"lacks or invents {', '.join(map(shown, sorted(wrong)))}")
        self.table: dict[str, Any] = table

    def bad(self, complaint: str, says: object = None, should: object = None) -> DoesNotHoldError:
        """The error that this table has a fault."""
        return DoesNotHoldError(self.entry, f"{self.place} {complaint}", says, should)

    def must_say(self, name: str, should: object) -> None:
        """A field has to have one certain value."""
        if canonical(self.table[name]) != canonical(should):
            raise self.bad(f"has the wrong {name}", self.table[name], should)

    def get(self, name: str, kind: type) -> Any:
        """A text that is not empty, a whole number or a list."""
        value = self.table[name]
        if type(value) is not kind or value == "":
            raise self.bad(f"has no {KINDS[kind]} for {name}", value)
        return value

    def number(self, name: str) -> Decimal:
        """An exact number."""
        text = self.get(name, str)
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
            return read_instant(self.get(name, str))
        except ValueError:
            raise self.bad(f"has no instant for {name}", self.table[name]) from None


# The file: a header, then the entries in their chain


class Entry(NamedTuple):
    """An entry whose place in the chain holds; `at` in ms."""

    number: int
    at: int
    kind: str
    content: object
    hash: str


def chained_hash(previous: str, body: str) -> str:
    """The hash of an entry."""
    return hashlib.sha256(f"{previous}\n{body}".encode("ascii")).hexdigest()


def read_table(entry: int, place: str, text: bytes, names: str) -> Fields:
    """A table from its text in canonical JSON."""
    try:
        return Fields(entry, place, read_canonical(text.decode("ascii")), names)
    except (ValueError, RecursionError) as error:
        raise DoesNotHoldError(entry, f"{place} is not canonical JSON ({error})") from None


def read_entry(number: int, line: bytes, previous: str) -> Entry:
    """The entry at a place, if it is the one that belongs there by itself and by the chain."""
    fields = read_table(number, "its line", line, "at body hash kind previous_hash sequence")
    fields.must_say("sequence", number)
    fields.must_say("previous_hash", previous)
    body = fields.get("body", str)
    as_bytes = body.encode("utf-8", "surrogatepass")
    told = read_table(number, "its body", as_bytes, "at content kind sequence")
    fields.must_say("hash", chained_hash(previous, body))
    for name in ("sequence", "at", "kind"):
        told.must_say(name, fields.table[name])
    kind = told.get("kind", str)
    return Entry(number, told.instant("at"), kind, told.table["content"], fields.table["hash"])


# What was published


class Signal:
    """A signal as published, and what has become of it. Prices of a short are negative.

    With negative prices a short is a long: it earns when the number rises, and every rule needs to
    be written only once. `sign` is -1 then, and turns them back. Times are in ms.
    """

    def __init__(self, entry: Entry) -> None:
        fields = self.fields = Fields(entry.number, "the signal", entry.content, SIGNAL)
        plan = self.plan = Fields(entry.number, "the plan", fields.table["plan"], PLAN)
        costs = Fields(entry.number, "its costs", plan.table["costs"], COSTS)
        rules = read_rules(entry.number, fields.table["rules"])
        direction = fields.get("direction", str)
        if direction not in ("long", "short"):
            raise fields.bad("is neither long nor short", direction)
        self.sign = 1 if direction == "long" else -1
        self.id: int = fields.get("signal", int)
        self.symbol: str = fields.get("symbol", str)
        fields.get("pair", str)
        self.head = {name: (plan if name in PLANNED else fields).table[name] for name in COPIED}
        self.tick = fields.positive("tick")
        self.entry = self.sign * plan.positive("entry")
        self.stop = self.sign * plan.positive("stop")
        self.distance = plan.positive("stop_distance")
        self.break_even = self.sign * plan.positive("break_even")
        self.trail = plan.positive("trail")
        self.costs = {name: costs.number(name) for name in COSTS.split()}
        self.targets = read_targets(self)
        self.published = fields.instant("published_at")
        self.valid_until = fields.instant("valid_until")
        self.hold: int = rules.table["maximum_hold_candles"] * 15 * MINUTE
        self.tolerance = rules.table["entry_tolerance_ticks"] * self.tick
        self.give_up = int(rules.number("give_up_hours") * HOUR)
        self.first_minute = -(-self.published // MINUTE)
        """Number of the first 1-minute candle that opens at or after publication."""
        self.longest_life = self.valid_until + self.hold + self.give_up
        """The instant at which it has ended, whatever the market does."""
        instant_text(self.longest_life + MINUTE)  # or an OverflowError: calendars have an end
        self.entry_number, self.told_by = entry.number, 0
        self.outcome: dict[str, Any] | None = None
        """What stands as its outcome, and in `told_by` the entry that says so."""


def read_rules(entry: int, table: object) -> Fields:
    """The rules of its life, within the bounds that the bot's settings have."""
    known = {"give_up_hours": GIVE_UP_HOURS, **table} if isinstance(table, dict) else table
    rules = Fields(entry, "its rules", known, RULES)
    is_within = (
        0 <= rules.get("entry_tolerance_ticks", int) <= 10
        and 1 <= rules.get("maximum_hold_candles", int) <= 96
        and 1 <= rules.number("give_up_hours") <= 720
    )
    if not is_within:
        raise rules.bad("are out of bounds", rules.table)
    return rules


def read_targets(signal: Signal) -> list[tuple[Decimal, Decimal]]:
    """Price and fraction of each of the three targets.

    They lie at rising multiples of the distance, rounded to the trade's disadvantage.
    """
    rows, before = signal.plan.get("targets", list), Decimal(0)
    targets: list[tuple[Decimal, Decimal]] = []
    for number, row in enumerate(rows, start=1):
        target = Fields(signal.plan.entry, f"target {number}", row, "fraction multiple price")
        multiple = target.positive("multiple")
        if multiple <= before:
            raise target.bad("is not further away than the one before", row["multiple"])
        price = to_grid(signal.entry + signal.distance * multiple, signal.tick, ROUND_FLOOR)
        target.must_say("price", number_text(signal.sign * price))
        targets.append((price, target.positive("fraction")))
        before = multiple
    if len(targets) != len(TARGETS) or sum(fraction for _, fraction in targets) != 1:
        raise signal.plan.bad("has not three targets that close everything", rows)
    return targets


def read_signal(entry: Entry, previous_at: int) -> Signal:
    """A published signal whose plan is consistent in itself."""
    signal = Signal(entry)
    check_publication(signal, entry.at, previous_at)
    check_plan(signal)
    return signal


def check_publication(signal: Signal, at: int, previous_at: int) -> None:
    """When it was published, and that it had the score that it needed."""
    fields, late = signal.fields, at - signal.published
    if signal.valid_until > signal.published + 24 * HOUR:
        raise fields.bad("can be entered for more than a day", fields.table["valid_until"])
    # The time of an entry is moved only so far as not to lie before the entry that it follows.
    if late < 0 or late > CLOCK_TOLERANCE or (late and at != previous_at):
        says = fields.table["published_at"]
        raise fields.bad("was not written when it was published", says, instant_text(at))
    decision = Fields(fields.entry, "the decision", fields.table["decision"], DECISION)
    if decision.instant("as_of") > signal.published:
        raise decision.bad("is younger than its publication", decision.table["as_of"])
    if decision.number("score") < decision.number("threshold"):
        raise decision.bad("lacks the score that it needed", decision.table["score"])


def check_plan(signal: Signal) -> None:
    """All figures that follow from entry, stop, costs, targets, quantity and leverage."""
    plan, entry, tick = signal.plan, signal.entry, signal.tick
    if entry % tick or signal.stop % tick:
        raise plan.bad("has prices off the tick grid")
    quantity, leverage = plan.positive("quantity"), plan.positive("leverage")
    plan.positive("risk_percent")
    if leverage % 1:
        raise plan.bad("has a leverage that is not whole", plan.table["leverage"])
    distance, notional = entry - signal.stop, quantity * abs(entry)
    cost = abs(entry) * max(Decimal(0), cost_rate(signal, slippages=2))
    reward, hundredth = signal.targets[1][0] - entry, Decimal("0.01")
    plan.must_say("stop_distance", number_text(distance))
    expected = {
        "break_even": signal.sign * to_grid(entry + cost, tick, ROUND_CEILING),
        "gross_reward_to_risk": to_grid(reward / distance, hundredth, ROUND_FLOOR),
        "net_reward_to_risk": to_grid((reward - cost) / (distance + cost), hundredth, ROUND_FLOOR),
        "notional": notional,
        "margin": (notional / leverage).quantize(Decimal("0.00000001")),
        "risk_amount": quantity * (distance + cost),
    }
    for name, number in expected.items():
        plan.must_say(name, number_text(number))


def to_grid(value: Decimal, grid: Decimal, rounding: str) -> Decimal:
    """The nearest multiple of a step in a direction."""
    return (value / grid).to_integral_value(rounding=rounding) * grid


def cost_rate(signal: Signal, slippages: int) -> Decimal:
    """Costs as a fraction of the notional: one slippage to enter, one more to leave by a stop."""
    costs = signal.costs
    fixed = costs["entry_fee"] + costs["exit_fee"] + costs["funding"]
    return fixed + slippages * costs["slippage"]


# What became of it, as the record tells


def check_outcome(entry: Entry, place: str, content: object, signal: Signal) -> dict[str, Any]:
    """An outcome that repeats its signal and whose result follows from its exits."""
    fields = Fields(entry.number, place, content, OUTCOME)
    for name, value in signal.head.items():
        fields.must_say(name, value)
    state, ended = fields.get("state", str), fields.instant("ended_at")
    if state not in STATES:
        raise fields.bad("has a state in which nothing ends", state)
    if not signal.published < ended <= entry.at + CLOCK_TOLERANCE:
        raise fields.bad("did not end between publication and this entry", fields.table["ended_at"])
    exits = [
        Fields(entry.number, "an exit", row, "at fraction price state")
        for row in fields.get("exits", list)
    ]
    closed = sum((leg.positive("fraction") for leg in exits), Decimal(0))
    if closed != (0 if state in NO_TRADE else 1):
        raise fields.bad("does not close the position once", fields.table["exits"])
    check_times(fields, exits, signal)
    legs = [
        (leg.get("state", str), signal.sign * leg.positive("price"), leg.number("fraction"))
        for leg in exits
    ]
    for name, number in net_result(signal, legs).items():
        fields.must_say(name, number)
    return fields.table


def check_times(fields: Fields, exits: list[Fields], signal: Signal) -> None:
    """Entry, exits and end follow each other as their states ask for."""
    state, ended = fields.get("state", str), fields.instant("ended_at")
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
    gain, six_places = Decimal(0), Decimal("0.000001")
    for state, price, fraction in exits:
        rate = cost_rate(signal, slippages=1 if state in TARGETS else 2)
        gain += fraction * (price - signal.entry - abs(signal.entry) * rate)
    return {
        "net_r": number_text((gain / signal.distance).quantize(six_places)),
        "net_percent": number_text((gain / abs(signal.entry) * 100).quantize(six_places)),
    }


# The venue's candles


class Candle(NamedTuple):
    """A closed 1-minute candle; `minute` is its number since 1970, times are in ms."""

    minute: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal

    @property
    def closed(self) -> int:
        """The boundary at which it was over."""
        return (self.minute + 1) * MINUTE

    @property
    def is_traded(self) -> bool:
        """Whether there were trades: a halted market repeats its last price."""
        return self.volume > 0 or self.high > self.low

    def seen_by(self, sign: int) -> Candle:
        """With the negative prices by which a short is followed."""
        if sign > 0:
            return self
        return Candle(self.minute, -self.open, -self.low, -self.high, -self.close, self.volume)


class CandleFolder:
    """Files `SYMBOL-1m-2026-01-31.csv` or `.zip`, of a day or a month, anywhere in a folder."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._files: dict[str, list[tuple[str, Path]]] = {}
        for path in sorted(folder.rglob("*-1m-*")) if folder is not None else ():
            named = CANDLE_FILE.fullmatch(path.name)
            if named:
                self._files.setdefault(named.group(1), []).append((named.group(2), path))

    def load(self, symbol: str, wanted: set[int]) -> dict[int, Candle]:
        """The candles of a symbol at numbers of minutes, as far as they are there."""
        if self._folder is not None and not self._folder.is_dir():
            raise CannotRunError(f"{self._folder} is no folder; --candles names one with candles")
        days = {instant_text(minute * MINUTE)[:10] for minute in wanted}
        candles: dict[int, Candle] = {}
        for date, path in self._files.get(symbol, ()):
            if any(day.startswith(date) for day in days):
                for candle in read_candles(path, wanted):
                    # Files of a day and of a month may both have it, but not tell it differently.
                    if candles.setdefault(candle.minute, candle) != candle:
                        raise CannotRunError(
                            f"{path} tells the candle of {minute_text(candle.minute)} differently "
                            "than another file; download both again"
                        )
        return candles


def read_candles(path: Path, wanted: set[int]) -> Iterator[Candle]:
    """The candles of a file at numbers of minutes."""
    for number, row in enumerate(read_rows(path), start=1):
        if number == 1 and not row[0].isdigit():
            continue  # the names of the columns
        try:
            minute = minute_of(row[0])
            if minute in wanted:
                yield candle_of(minute, row)
        except (ValueError, ArithmeticError) as error:
            told = str(error) if type(error) is ValueError else "no row of candles"
            raise CannotRunError(f"{path}, line {number}: {told}; download it again") from None


def read_rows(path: Path) -> Iterator[list[str]]:
    """The rows of a file that are not empty."""
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as packed:
                yield from filter(None, csv.reader(io.TextIOWrapper(packed, "ascii")))
        else:
            with path.open(encoding="ascii", newline="") as plain:
                yield from filter(None, csv.reader(plain))
    except UNREADABLE as error:
        raise CannotRunError(f"{path} cannot be read: {error}; download it again") from None


def minute_of(open_time: str) -> int:
    """The number of a candle from its open time in milli- or microseconds."""
    opened = int(open_time)
    if opened >= 10**14:  # microseconds: as milliseconds it would be after the year 5138
        opened //= 1000
    if opened % MINUTE:
        raise ValueError(f"open time {open_time} is not on a minute")
    return opened // MINUTE


def minute_text(minute: int) -> str:
    """When a candle opens: `2026-01-31T12:34Z`."""
    return instant_text(minute * MINUTE)[:16] + "Z"


def candle_of(minute: int, row: list[str]) -> Candle:
    """A candle from open, high, low, close and volume of a row."""
    opened, high, low, close, volume = (Decimal(cell) for cell in row[1:6])
    if not 0 < low <= min(opened, close) <= max(opened, close) <= high or volume < 0:
        raise ValueError(f"{','.join(row[1:6])} is no possible candle")
    return Candle(minute, opened, high, low, close, volume)


# The life of a signal, recomputed


@dataclass
class Life:
    """How far a signal has come: entered at, to be closed at `due` at the latest, and so on.

    `exits` are (state, price, fraction, at).
    """

    signal: Signal
    stop: Decimal
    entered: int | None = None
    due: int = 0
    taken: int = 0
    best: Decimal | None = None
    exits: list[tuple[str, Decimal, Decimal, int]] = field(default_factory=list)
    end: tuple[str, int] | None = None

    def pass_through(self, candle: Candle) -> None:
        """What a closed candle does to it."""
        if self.entered is None:
            self._wait(candle)
        elif not candle.is_traded:
            # A halted market is waited for, but not for ever: what is open counts as stopped then.
            given_up = self.due + self.signal.give_up
            if candle.closed >= given_up:
                self._leave("invalidated", self.stop, given_up)
        else:
            self._hold(candle)

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
        is_met = candle.low - tolerance <= signal.entry <= candle.high + tolerance
        if candle.is_traded and candle.closed <= signal.valid_until and is_met:
            self.entered, self.due = candle.closed, candle.closed + signal.hold
            if candle.low <= self.stop:
                self._leave("stopped", self.stop, candle.closed)
            else:
                # Of the prices after the entry only the close is known.
                self._gain(candle._replace(open=signal.entry, high=candle.close))
        elif candle.closed >= signal.valid_until:
            self.end = ("expired", signal.valid_until)

    def _hold(self, candle: Candle) -> None:
        if candle.closed - MINUTE >= self.due:
            self._leave("max_hold", candle.open, candle.closed)
        elif candle.low <= self.stop:
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
        while self.end is None and candle.high >= self.signal.targets[self.taken][0]:
            target, fraction = self.signal.targets[self.taken]
            price, state = max(target, candle.open), TARGETS[self.taken]
            if state == TARGETS[-1]:
                self._leave(state, price, candle.closed)
                return
            self.exits.append((state, price, fraction, candle.closed))
            self.taken += 1
            # Break-even may lie where the market has not been: beyond the first target.
            moved = self.signal.targets[0][0]
            if self.taken == 1:
                moved = min(moved, self.signal.break_even)
            self.stop = max(self.stop, moved)
            if candle.close <= self.stop or candle.low <= self.stop < candle.open:
                self._leave(STOPPED[self.taken], self.stop, candle.closed)

    def _trail(self, candle: Candle) -> None:
        self.best = candle.high if self.best is None else max(self.best, candle.high)
        behind = to_grid(self.best - self.signal.trail, self.signal.tick, ROUND_FLOOR)
        self.stop = max(self.stop, behind)

    def _leave(self, state: str, price: Decimal, at: int) -> None:
        rest = 1 - sum((leg[2] for leg in self.exits), Decimal(0))
        self.exits.append((state, price, rest, at))
        self.end = (state, at)


def follow(signal: Signal, candles: Mapping[int, Candle], until: int) -> tuple[Life, int]:
    """Its life through the candles up to an instant, and the minute that is needed next."""
    life, minute = Life(signal, signal.stop), signal.first_minute
    while life.end is None and minute in candles and candles[minute].closed <= until:
        life.pass_through(candles[minute].seen_by(signal.sign))
        minute += 1
    return life, minute


# The verification


@dataclass
class Findings:
    """What came of it all; `live`, `unchecked` (with the reason) and `signals` are by signal."""

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
    *lines, rest = data.split(b"\n")
    if not lines:
        raise DoesNotHoldError(0, "there is no whole line in the file; load it again")
    header = read_table(0, "it", lines[0], "entries format head record")
    header.must_say("record", "quorum")
    if header.table["format"] != FORMAT:
        raise header.bad("is of another format: use the verify.py of that version")
    for number, line in enumerate(lines[1:], start=1):
        entry = read_entry(number, line, findings.head)
        try:
            take_in(entry, findings)
        except ArithmeticError:
            raise DoesNotHoldError(number, "has figures that cannot be computed with") from None
        findings.entries, findings.head, findings.last_at = number, entry.hash, entry.at
        findings.hashes.append(entry.hash)
    if rest:
        raise DoesNotHoldError(
            len(lines), "the file ends in the middle of its line; load the file again"
        )
    header.must_say("entries", findings.entries)
    header.must_say("head", findings.head)


def take_in(entry: Entry, findings: Findings) -> None:
    """An entry by its kind, against all that came before it."""
    if entry.at < findings.last_at:
        before = instant_text(findings.last_at)
        raise DoesNotHoldError(
            entry.number, "is older than the entry before", instant_text(entry.at), before
        )
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
        raise DoesNotHoldError(entry.number, f"is of an unknown kind, {shown(entry.kind)}")


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
    fields.get("reason", str)
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
    found = candles.load(symbol, wanted)
    for signal in signals:
        until = findings.last_at if signal.outcome is None else signal.longest_life
        try:
            life, missing = follow(signal, found, until)
            if signal.outcome is None:
                judge_silence(signal, life, missing, findings)
            else:
                judge_outcome(signal, signal.outcome, life, missing, findings)
        except DoesNotHoldError as problem:
            findings.problems.append(problem)
        except ArithmeticError:
            told = f"candles of {shown(symbol)} have figures that cannot be computed with"
            raise CannotRunError(f"{told}; download them again") from None


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
        findings.unchecked[signal.id] = given_up + no_candle(signal, missing)
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
        findings.unchecked[signal.id] = no_candle(signal, missing)
    else:
        findings.live.append(signal.id)


def no_candle(signal: Signal, minute: int) -> str:
    """What is missing, and in which file it would be."""
    symbol, at = shown(signal.symbol), minute_text(minute)
    return f"no candle of {symbol} at {at} (in {symbol}-1m-{at[:10]}.csv or .zip)"


# The report


def summary(findings: Findings) -> dict[str, Any]:
    """The findings for machines; the sums count corrections instead of what they restate."""
    outcomes = [one.outcome for one in findings.signals.values() if one.outcome is not None]
    states = Counter(outcome["state"] for outcome in outcomes)
    results = [Decimal(one["net_r"]) for one in outcomes if one["state"] not in NO_TRADE]
    first = findings.first_problem
    return {
        "holds": first is None,
        "entries": findings.entries,
        "head": findings.head,
        "heads_checked": findings.heads,
        "outcomes_recomputed": findings.checked,
        "live": sorted(findings.live),
        "not_checked": {str(key): why for key, why in sorted(findings.unchecked.items())},
        "totals": {
            "signals": len(findings.signals),
            "live": len(findings.signals) - len(outcomes),
            "expired": states["expired"],
            "cancelled": states["cancelled"],
            "trades": len(results),
            "won": sum(result > 0 for result in results),
            "total_r": number_text(sum(results, Decimal(0))),
            "corrections": findings.corrections,
        },
        "first_problem": first
        and {
            "entry": first.entry,
            "what": first.what,
            "says": first.says,
            "should_say": first.should,
        },
    }


def report(findings: Findings) -> str:
    """The findings for people."""
    sums = summary(findings)["totals"]
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
    for number, reason in sorted(findings.unchecked.items()):
        lines.append(f"not checked: signal {number}: {reason}")
    if findings.problems:
        return "\n".join([*map(str, findings.problems), "", "up to there:", *lines])
    verdict = "holds as far as it was checked" if findings.unchecked else "THE RECORD HOLDS"
    return "\n".join([*lines, verdict])


# The command line

DESCRIPTION = """\
Checks a record of Quorum without trusting the bot: recomputes the hash chain, compares it with
heads that were posted, checks that every signal has at most one outcome and none is left out, and
follows every signal anew through the venue's 1-minute candles."""

EPILOG = """\
example:
  python3 verify.py ledger.jsonl --candles candles --head 57:3f9a01bc 131:77e0c2d4

  ledger.jsonl  what the operator publishes (python -m app ledger export --out ledger.jsonl)
  57:3f9a01bc   what a daily report in the channel says: "Record: 57 entries, head 3f9a01bc..."
  candles       a folder with files such as SEIUSDT-1m-2026-01-05.zip, as they are loaded from
                https://data.binance.vision/data/futures/um/daily/klines/SEIUSDT/1m/
                SEIUSDT-1m-2026-01-05.zip (one address in two lines; monthly files do, too);
                run it without --candles first: what it lists as not checked says which

exit code:
  0  everything holds and everything was checked
  1  an entry does not hold: the first is named, with what it says and what it should say
  2  what was checked holds, but not everything could be: each such signal is listed
  3  it could not run: a file or an argument is wrong, which says nothing about the record"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        self.exit(COULD_NOT_RUN, f"{self.format_usage()}{self.prog}: error: {message}\n")


def build_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = _Parser(
        prog="verify.py",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("ledger", metavar="LEDGER", type=Path, help="the exported record, a file of JSON lines")
    add("--candles", metavar="DIR", type=Path, help="folder with SYMBOL-1m-DATE.csv or .zip")
    add(
        "--head",
        metavar="COUNT:HASH",
        type=posted_head,
        nargs="+",
        action="append",
        default=[],
        help="number of entries and head (8 digits or more) as a daily report posted them",
    )
    add("--allow-unchecked", action="store_true", help="exit with 0 where it would be 2")
    add("--json", action="store_true", help="print the findings as JSON")
    return parser


def posted_head(text: str) -> tuple[int, str]:
    """`57:3f9a01bc...` as count and hash."""
    found = POSTED_HEAD.fullmatch(text.lower())
    if found is None:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not COUNT:HASH, for example 57:3f9a01bc (at least 8 hex digits)"
        )
    return int(found.group(1)), found.group(2)


def read_export(path: Path) -> bytes:
    """The bytes of the record. Raises `CannotRunError` for a file that is none as it is."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CannotRunError(
            f"{path}: {error.strerror}; name the exported record, for example ledger.jsonl"
        ) from None
    if data.startswith((b"\x1f\x8b", b"PK")):
        raise CannotRunError(f"{path} is packed; unpack it (gunzip, unzip) and name what is in it")
    if data.startswith((b"\xff\xfe", b"\xef\xbb\xbf")) or b"\r\n" in data[:1000]:
        raise CannotRunError(
            f"{path} was changed by a program that rewrites lines (as Windows ends them, or with a "
            "byte order mark); load it again as it was published, or by a browser"
        )
    return data


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; the exit code."""
    options = build_parser().parse_args(arguments)
    heads = [head for several in options.head for head in several]
    try:
        data = read_export(options.ledger)
        findings = verify(data, CandleFolder(options.candles), heads)
    except (CannotRunError, OSError) as error:
        sys.stderr.write(f"could not run: {error}\n")
        return COULD_NOT_RUN
    told = json.dumps(summary(findings), indent=2) if options.json else report(findings)
    sys.stdout.write(f"{told}\n")
    if findings.problems:
        return BROKEN
    return UNCHECKED if findings.unchecked and not options.allow_unchecked else HOLDS


if __name__ == "__main__":
    sys.exit(main())
