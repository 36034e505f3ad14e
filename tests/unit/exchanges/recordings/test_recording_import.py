"""Raw files of other recorders give the books, trades and candles that they state."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from domain.errors import ConfigurationError
from exchanges.recordings import Recording
from exchanges.recordings.importing import Imported, import_recording
from tests.unit.exchanges.recordings.sources import (
    LINES,
    OPENED_MS,
    SNAPSHOT,
    compact,
    write_cryptofeed,
    write_hftbacktest,
)


def imported(source: Path, out: Path, kind: str) -> Imported:
    return import_recording(source, out, kind, lambda done, total: None)


@pytest.fixture
def recording(tmp_path: Path) -> Recording:
    imported(write_hftbacktest(tmp_path / "raw"), tmp_path / "ours", "hftbacktest")
    return Recording(tmp_path / "ours")


def frames(recording: Recording, stream: str) -> list[dict[str, Any]]:
    return [json.loads(each.body) for each in recording.messages() if each.source == stream]


def test_every_line_of_the_source_is_kept_byte_for_byte(recording: Recording) -> None:
    streams = {stream for stream, _ in LINES if stream}
    kept = [each.body.decode() for each in recording.messages() if each.source in streams]

    assert kept == [compact(event) for stream, event in LINES if stream]


def test_books_are_the_first_state_of_each_100_ms_and_stop_where_the_chain_breaks(
    recording: Recording,
) -> None:
    books = frames(recording, "btcusdt@depth20@100ms")

    assert [(book["T"] - OPENED_MS, book["U"], book["u"], book["pu"]) for book in books] == [
        (0, 108, 110, 107),
        (100, 111, 114, 110),
    ]
    assert books[0]["b"] == [["100.20", "0.500"], ["100.10", "3.000"], ["100.00", "2.000"]]
    assert books[0]["a"] == [["100.60", "2.000"]]
    assert books[1]["b"] == [["100.10", "4.000"], ["100.00", "2.000"]]


def test_each_market_trade_becomes_one_aggregate(recording: Recording) -> None:
    trades = frames(recording, "btcusdt@aggTrade")

    assert [(t["a"], t["f"], t["l"], t["p"], t["q"], t["m"]) for t in trades] == [
        (1, 1, 1, "100.50", "0.010", False),
        (2, 2, 2, "100.60", "0.020", False),
        (3, 3, 3, "100.10", "0.300", True),
        (5, 5, 5, "100.20", "0.100", False),
    ]
    assert {t["st"] for t in trades} == {1}


def test_candles_begin_with_the_first_whole_one_and_have_no_hole(recording: Recording) -> None:
    candles = frames(recording, "btcusdt@kline_1m")
    finals = [each["k"] for each in candles if each["k"]["x"]]
    forming = [each["k"] for each in candles if not each["k"]["x"]]

    assert [(k["t"] - OPENED_MS, k["n"], k["o"], k["c"]) for k in finals] == [
        (0, 2, "100.60", "100.10"),
        (60_000, 0, "100.10", "100.10"),
    ]
    first = finals[0]
    assert (first["h"], first["l"], first["v"], first["V"]) == (
        "100.60",
        "100.10",
        "0.320",
        "0.020",
    )
    assert (first["q"], first["Q"]) == ("32.04200", "2.01200")
    assert [k["t"] - OPENED_MS for k in forming] == [0, 120_000]
    hours = frames(recording, "btcusdt@kline_1h")
    assert hours
    assert not any(each["k"]["x"] for each in hours)


def test_exchange_info_states_the_grids_that_the_numbers_lie_on(recording: Recording) -> None:
    info = frames(recording, "/fapi/v1/exchangeInfo")[0]

    (symbol,) = info["symbols"]
    filters = {each["filterType"]: each for each in symbol["filters"]}
    assert (symbol["symbol"], symbol["baseAsset"], symbol["quoteAsset"]) == (
        "BTCUSDT",
        "BTC",
        "USDT",
    )
    assert filters["PRICE_FILTER"]["tickSize"] == "0.1"
    assert filters["LOT_SIZE"]["stepSize"] == "0.01"


def test_what_was_wrong_is_counted(tmp_path: Path) -> None:
    told = imported(write_hftbacktest(tmp_path / "raw"), tmp_path / "ours", "hftbacktest")

    assert told.pairs == ("BTCUSDT",)
    assert told.trades_left_out == 1
    assert told.book_faults == {
        "waiting for a snapshot": 3,
        "does not follow; the book is unusable until a new snapshot": 1,
    }


def test_a_capture_with_aggregates_and_snapshots_apart_gives_the_same_books(
    recording: Recording, tmp_path: Path
) -> None:
    imported(write_cryptofeed(tmp_path / "capture"), tmp_path / "second", "cryptofeed")
    captured = Recording(tmp_path / "second")

    books = "btcusdt@depth20@100ms"
    assert frames(captured, books) == frames(recording, books)
    trades = frames(captured, "btcusdt@aggTrade")
    assert [each["a"] for each in trades] == [1, 2, 3, 4, 5]
    assert "nq" not in trades[0]


def test_a_folder_that_holds_a_recording_is_not_mixed_with_another(tmp_path: Path) -> None:
    source = write_hftbacktest(tmp_path / "raw")
    imported(source, tmp_path / "ours", "hftbacktest")

    with pytest.raises(ConfigurationError, match="ours is not empty"):
        imported(source, tmp_path / "ours", "hftbacktest")


def test_a_stream_of_all_pairs_is_kept_and_lists_none(tmp_path: Path) -> None:
    order = {"s": "ETHUSDT", "S": "SELL", "T": 3, "p": "1", "q": "1"}
    event = {"e": "forceOrder", "E": 3, "o": order}
    lines = [
        f"1 {compact({'stream': 'btcusdt@trade', 'data': LINES[3][1]})}",
        f"2 {compact({'stream': '!forceOrder@arr', 'data': event})}",
        f"3 {compact(SNAPSHOT)}",
    ]
    (tmp_path / "raw.gz").write_bytes(gzip.compress("\n".join(lines).encode()))

    told = imported(tmp_path / "raw.gz", tmp_path / "ours", "hftbacktest")

    assert told.pairs == ("BTCUSDT",)
    assert frames(Recording(tmp_path / "ours"), "!forceOrder@arr") == [event]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    source = write_hftbacktest(tmp_path / "raw")
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigurationError, match=r"cannot write to .*/file/ours"):
        imported(source, tmp_path / "file" / "ours", "hftbacktest")


def test_an_import_that_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    source = write_hftbacktest(tmp_path / "raw")

    def interrupted(_: int, __: int) -> None:
        raise KeyboardInterrupt

    with gzip.open(source / "raw_ws_20260106.txt.gz", "wt") as file:
        best = compact({"stream": "btcusdt@bookTicker", "data": LINES[5][1]})
        file.writelines(f"{n} {best}\n" for n in range(1000))
    with pytest.raises(KeyboardInterrupt):
        import_recording(source, tmp_path / "ours", "hftbacktest", interrupted)
    assert [path.name for path in tmp_path.iterdir()] == ["raw"]


@pytest.mark.parametrize(
    ("kind", "text", "complaint"),
    [
        ("hftbacktest", b"1767621570.1: {}\n", "this is not what hftbacktest writes"),
        ("cryptofeed", b"1767621570000000000 {}\n", "this is not what cryptofeed writes"),
        ("hftbacktest", b"1 {broken\n", "no JSON"),
        ("hftbacktest", b'1 {"lastUpdateId":3}\n', "before any event that names its symbol"),
        ("hftbacktest", b"", "holds no message"),
        ("hftbacktest", b'1 {"stream":"oddusdt@trade","data":{"p":"1","q":"1"}}\n', "field `E`"),
        ("hftbacktest", b'1 {"stream":"odd@bookTicker","data":{}}\n', "ODD is quoted in none"),
        ("hftbacktest", b'1 {"stream":"oddusdt@trade","data":{"p":"?","q":"1"}}\n', "hftbacktest"),
        ("hftbacktest", b"1" * 30 + b' {"stream":"oddusdt@x","data":{}}\n', "hftbacktest"),
        ("cryptofeed", b'1.0: {"stream":"a\\tusdt@x","data":{}}\n', "cannot be recorded"),
    ],
)
def test_a_source_of_another_kind_is_refused_and_nothing_is_made(
    tmp_path: Path, kind: str, text: bytes, complaint: str
) -> None:
    (tmp_path / "raw.gz").write_bytes(gzip.compress(text))

    with pytest.raises(ConfigurationError, match=complaint):
        imported(tmp_path / "raw.gz", tmp_path / "ours", kind)
    assert [path.name for path in tmp_path.iterdir()] == ["raw.gz"]


def test_a_source_that_is_not_there_or_not_compressed_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="neither a raw file nor a folder"):
        imported(tmp_path / "nowhere", tmp_path / "ours", "hftbacktest")
    (tmp_path / "plain.gz").write_text("1 {}")
    with pytest.raises(ConfigurationError, match="cannot be read as a gzip file"):
        imported(tmp_path / "plain.gz", tmp_path / "ours", "hftbacktest")
