"""The venue's terms: filters, brackets and fees of a symbol, and what holds for a whole account."""

from dataclasses import dataclass
from decimal import Decimal

from domain.accounts import PositionMode
from domain.errors import InvalidDataError
from domain.instruments import Instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """A leverage bracket: positions up to `cap` of notional (quote currency), from the last one's.

    `maintenance_rate` is a fraction of notional; `maintenance_amount` (quote currency) is taken
    off, so that the maintenance margin has no jump between brackets (the venue's `cum`).
    """

    cap: Decimal
    maximum_leverage: int
    maintenance_rate: Decimal
    maintenance_amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolTerms:
    """How one symbol is traded.

    `brackets` by rising cap, at least one. Fees and `liquidation_fee` are fractions of notional.
    `highest_share` and `lowest_share` bound prices as shares of the mark price (the venue's
    PERCENT_PRICE). `maximum_market_quantity` None: as the instrument's maximum.
    """

    instrument: Instrument
    brackets: tuple[Bracket, ...]
    maker_fee: Decimal = Decimal("0.0002")
    taker_fee: Decimal = Decimal("0.0005")
    liquidation_fee: Decimal = Decimal("0.0125")
    highest_share: Decimal = Decimal("1.05")
    lowest_share: Decimal = Decimal("0.95")
    maximum_market_quantity: Decimal | None = None
    maximum_open_orders: int = 200

    def __post_init__(self) -> None:
        if not self.brackets:
            raise InvalidDataError(f"{self.instrument.symbol}: leverage brackets are missing")

    @property
    def symbol(self) -> str:
        """The venue's id of the pair."""
        return self.instrument.symbol

    @property
    def maximum_leverage(self) -> int:
        """The highest leverage of any position."""
        return max(bracket.maximum_leverage for bracket in self.brackets)

    def largest_notional(self, leverage: int) -> Decimal:
        """The largest position at a leverage, in quote currency; 0 above the highest leverage."""
        caps = [each.cap for each in self.brackets if each.maximum_leverage >= leverage]
        return max(caps, default=Decimal(0))

    def bracket(self, notional: Decimal) -> Bracket:
        """The bracket of a position; the last one for what is above all caps."""
        for bracket in self.brackets:
            if notional <= bracket.cap:
                return bracket
        return self.brackets[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountTerms:
    """What an account begins with. `leverage` is that of symbols where none was set.

    `starts_isolated`: symbols are on isolated margin from the start; at the venue they are not,
    and orders on a symbol that is not are refused here.
    """

    wallet: Decimal
    currency: str = "USDT"
    position_mode: PositionMode = PositionMode.ONE_WAY
    leverage: int = 20
    starts_isolated: bool = False
    maximum_conditionals: int = 200
