"""A paper account as it is kept: the machine's whole state and the pairs it knows, as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from domain.errors import InvalidDataError
from domain.instruments import Instrument
from exchanges.matching.account import TradingAccount
from exchanges.matching.terms import AccountTerms, SymbolTerms
from exchanges.matching.usual_brackets import usual_brackets
from exchanges.paper.parameters import PaperParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    account: dict[str, Any]
    instruments: dict[str, Instrument]


_DECODER = msgspec.json.Decoder(_Kept)


def symbol_terms(instrument: Instrument, parameters: PaperParameters) -> SymbolTerms:
    """The terms on which a pair is traded on paper."""
    return SymbolTerms(
        instrument=instrument,
        brackets=usual_brackets(instrument.base),
        maker_fee=_fraction(parameters.maker_fee_percent),
        taker_fee=_fraction(parameters.taker_fee_percent),
    )


def new_account(parameters: PaperParameters) -> TradingAccount:
    """An account that never traded."""
    return TradingAccount(_account_terms(parameters), ())


def encode(account: TradingAccount, instruments: Mapping[str, Instrument]) -> bytes:
    """Everything that has to survive."""
    return msgspec.json.encode(_Kept(account=account.dump(), instruments=dict(instruments)))


def decode(
    content: bytes, parameters: PaperParameters
) -> tuple[TradingAccount, dict[str, Instrument]]:
    """What `encode` made, but its prices: what the market is now has to be seen anew.

    Raises `InvalidDataError` when it is something else.
    """
    try:
        kept = _DECODER.decode(content)
    except msgspec.MsgspecError as error:
        raise InvalidDataError(f"a stored paper account cannot be read: {error}") from error
    terms = [symbol_terms(each, parameters) for each in kept.instruments.values()]
    # Against an old mark a stop would be refused, or fired, that today's price has nothing against.
    dumped = {**kept.account, "marks": {}, "lasts": {}}
    account = TradingAccount.load(dumped, _account_terms(parameters), terms)
    return account, kept.instruments


def _account_terms(parameters: PaperParameters) -> AccountTerms:
    return AccountTerms(wallet=Decimal(str(parameters.balance)))


def _fraction(percent: float) -> Decimal:
    return Decimal(str(percent)) / 100
