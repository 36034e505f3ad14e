"""What stands in the way of one more trade of an account, apart from its size."""

from dataclasses import replace

from domain.instruments import Instrument
from domain.plans import Denial
from risk.accounts.state import AccountRisk
from risk.breakers.drawdown import Drawdown
from risk.breakers.max_positions import MaxPositions, MaxPositionsParameters
from risk.breakers.one_per_pair import OnePerPair
from risk.gate import RiskParameters
from risk.heat import check_heat


def check_account(
    account: AccountRisk, instrument: Instrument, parameters: RiskParameters
) -> tuple[Denial, ...]:
    """Every reason why an account may not hold one more position, in a pair or at all."""
    breakers = parameters.breakers
    most = _most_positions(account, breakers.max_positions)
    rulings = (
        Drawdown(parameters=breakers.drawdown).check(account.state),
        MaxPositions(parameters=most).check(account.state),
        OnePerPair().tripped(account.state).get(instrument.symbol),
    )
    return (
        *(
            Denial(rule=ruling.breaker, text=f"your account: {ruling.text}")
            for ruling in rulings
            if ruling is not None and ruling.is_blocking
        ),
        *_check_foreign(account, instrument),
        *_check_margin(account, instrument),
        *check_heat(account.state, parameters.heat),
    )


def _most_positions(
    account: AccountRisk, parameters: MaxPositionsParameters
) -> MaxPositionsParameters:
    """The owner's own limit where it is the smaller one."""
    own = account.account.maximum_positions
    if own is None:
        return parameters
    return replace(parameters, maximum_positions=min(own, parameters.maximum_positions))


def _check_foreign(account: AccountRisk, instrument: Instrument) -> tuple[Denial, ...]:
    if instrument.symbol not in account.foreign:
        return ()
    text = (
        f"your account holds a position in {instrument.pair} that was opened elsewhere; "
        "close it on the exchange first, both would become one"
    )
    return (Denial(rule="foreign_position", text=text),)


def _check_margin(account: AccountRisk, instrument: Instrument) -> tuple[Denial, ...]:
    if account.available > 0:
        return ()
    text = f"your account has no {instrument.quote} left for the margin of a new position"
    return (Denial(rule="margin", text=text),)
