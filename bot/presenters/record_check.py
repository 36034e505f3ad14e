"""The answer to /verify: how a stranger checks the record without trusting the bot."""

from typing import Final

from bot.presenters.markup import bold, code, italic, preformatted, quote
from bot.presenters.page import Line, blank, fit
from bot.presenters.period_report import head_lines
from engine.reports import LedgerHead

_HASH_DIGITS: Final = 8
_EXPORT: Final = "python -m app ledger export --out ledger.jsonl"
_CANDLES: Final = "data.binance.vision"


def render_record_check(head: LedgerHead) -> str:
    """The anchor, three commands, and what each of them proves."""
    return fit(
        [
            Line(f"🔍 {bold('Check the record yourself')}"),
            blank(),
            *head_lines(head),
            blank(),
            Line(f"1 Get the record: whoever runs the bot exports it\n{preformatted(_EXPORT)}"),
            Line(
                "2 Nothing was changed, and nothing cut off since this head or one of a report:"
                f"\n{preformatted(_compare(head))}"
            ),
            Line(
                f"3 The market did what each outcome says, by 1-minute candles of {_CANDLES}:"
                f"\n{preformatted('python3 verify.py ledger.jsonl --candles candles')}"
            ),
            blank(),
            Line(
                f"{code('verify.py')} is one file that needs Python and nothing of the bot."
                " It names the first entry that does not hold."
            ),
            Line(italic("The first digits of each signal's hash stand in its post.")),
        ]
    )


def _compare(head: LedgerHead) -> str:
    digits = quote(head.hash[:_HASH_DIGITS])
    return f"python3 verify.py ledger.jsonl --head {head.count}:{digits}"
