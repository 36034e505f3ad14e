"""What chains tell of one coin: facts as providers give them, and readings as of an instant."""

from dataclasses import dataclass

from domain.transfers import Transfer


@dataclass(frozen=True, slots=True, kw_only=True)
class StablecoinSupply:
    """All dollars on chains, in USD, and how many there were before (None: not told)."""

    total_usd: float
    day_ago_usd: float | None
    week_ago_usd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DexActivity:
    """Trades of one coin on decentralised exchanges in the last hour, over all its pools.

    `buys` and `sells` count swaps, `volume_usd` is their sum, `liquidity_usd` what the pools hold.
    """

    asset: str
    buys: int
    sells: int
    volume_usd: float
    liquidity_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WhaleReading:
    """Large transfers of a coin to and from exchanges within the last minutes.

    Sums are USD, each transfer counted less the older it is. `withdrawals_in_a_row` and
    `deposits_in_a_row` count the newest transfers of one kind with none of the other between;
    one of them is 0. `largest` is the heaviest of the two kinds, None without any.
    """

    deposits: int
    withdrawals: int
    deposited_usd: float
    withdrawn_usd: float
    deposits_in_a_row: int
    withdrawals_in_a_row: int
    largest: Transfer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeFlowReading:
    """What left exchanges less what came to them in the last hour, in USD.

    `z_score` compares it with the same provider's earlier hours, None while too few are known.
    """

    provider: str
    net_usd: float
    z_score: float | None
    hours_known: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StablecoinReading:
    """Buying power on its way: dollars to and from exchanges in the last hour, in USD.

    None where no provider watches such transfers. `supply_change_percent` is that of a day, over
    all chains, None where unknown.
    """

    to_exchanges_usd: float | None
    from_exchanges_usd: float | None
    supply_change_percent: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SmartMoneyReading:
    """How many of the operator's wallets took in or gave away a coin in the last hour."""

    watched: int
    buyers: int
    sellers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OnChain:
    """Everything the on-chain layer may look at, as of `at_ms`, from nothing known later.

    A part is None when nobody watches it, or whoever does has been silent for too long. `whales`
    without a transfer means that somebody watched and nothing moved. `answered_ms` is when the
    newest provider behind any part last answered, 0 without any.
    """

    at_ms: int
    answered_ms: int = 0
    whales: WhaleReading | None = None
    exchange_flow: ExchangeFlowReading | None = None
    dex: DexActivity | None = None
    stablecoins: StablecoinReading | None = None
    smart_money: SmartMoneyReading | None = None
