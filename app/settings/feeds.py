"""Which providers of outside data there are, and how they are treated.

How often one is asked stands beside its adapter in `feeds/`: it follows from its free plan.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.parameters import Parameters, parameter


class ProviderName(StrEnum):
    """Every provider, by its stable name."""

    WHALE_ALERT = "whale_alert"
    ETHERSCAN = "etherscan"
    MEMPOOL = "mempool"
    DEFILLAMA = "defillama"
    DEXSCREENER = "dexscreener"
    FEAR_GREED = "fear_greed"
    COINGECKO = "coingecko"
    YAHOO = "yahoo"
    NEWS_COINDESK = "news_coindesk"
    NEWS_COINTELEGRAPH = "news_cointelegraph"
    NEWS_DECRYPT = "news_decrypt"
    NEWS_THE_BLOCK = "news_the_block"
    REDDIT = "reddit"
    LUNARCRUSH = "lunarcrush"
    X = "x"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedParameters(Parameters):
    """Providers of outside data: which are asked, and for what."""

    off: tuple[ProviderName, ...] = parameter(
        (),
        doc="providers that are not asked though they could be",
        unit="names",
        source="own choice",
    )
    minimum_usd: float = parameter(
        500_000.0,
        doc="least value of a transfer that is looked at",
        unit="USD",
        source="design 4.3",
        low=10_000,
        high=1e9,
    )
    shortest_wall_seconds: float = parameter(
        1.0,
        doc="shortest time between two questions to a provider: requests do not get cheaper "
        "because a simulated venue's time runs faster",
        unit="wall seconds",
        source="own choice",
        low=0.1,
        high=60,
    )
    bitcoin_seconds: float = parameter(
        300.0,
        doc="between two looks at bitcoin's candles, for the state of the whole market",
        unit="seconds of exchange time",
        source="weight 1 each",
        low=5,
        high=3600,
    )
