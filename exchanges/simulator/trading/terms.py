"""On which terms the pairs of the simulated venue are traded."""

from collections.abc import Iterable

from domain.instruments import Instrument
from exchanges.matching.terms import AccountTerms, SymbolTerms
from exchanges.matching.usual_brackets import usual_brackets
from exchanges.simulator.market.contracts import Contract
from exchanges.simulator.market.limits import largest_market_order, largest_order
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.trading.accounts import SimulatedAccount


def tradable(contract: Contract) -> bool:
    """Whether orders are taken for a contract: perpetuals with a name of plain letters."""
    name = contract.symbol
    return not contract.settling and name.isascii() and name.isalnum()


def symbol_terms(pairs: Iterable[Pair]) -> list[SymbolTerms]:
    """The terms of every tradable pair."""
    return [_terms(pair) for pair in pairs if tradable(pair.contract)]


def account_terms(account: SimulatedAccount) -> AccountTerms:
    """What an account begins with."""
    return AccountTerms(
        wallet=account.wallet,
        position_mode=account.position_mode,
        leverage=account.leverage,
        starts_isolated=account.starts_isolated,
    )


def _terms(pair: Pair) -> SymbolTerms:
    contract = pair.contract
    instrument = Instrument(
        symbol=contract.symbol,
        base=contract.base,
        quote=contract.quote,
        tick=contract.tick,
        step=contract.step,
        minimum_quantity=contract.step,
        minimum_notional=contract.minimum_notional,
        maximum_quantity=largest_order(pair) * contract.step,
    )
    return SymbolTerms(
        instrument=instrument,
        brackets=usual_brackets(contract.base),
        maximum_market_quantity=largest_market_order(pair) * contract.step,
    )
