"""DexScreener: swaps of listed tokens on decentralised exchanges in the last hour. Keyless.

https://docs.dexscreener.com/api/reference: up to 30 tokens of one chain per question, 300 questions
a minute. Anybody may open a pool: only pools of listed contracts with real liquidity count.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from pydantic import Field

from domain.feeds import FeedAnswer
from domain.onchain import DexActivity
from feeds.labels.addresses import ETHEREUM, SOLANA, one_spelling
from feeds.labels.labels import Labels, TokenContract
from feeds.payload import Payload
from feeds.provider import Provider, ProviderPlan
from feeds.provider_feed import ProviderFeed
from feeds.rows import AssetNames, Count, Dollars, sound_rows

NAME: Final = "dexscreener"
DEXSCREENER_URL: Final = "https://api.dexscreener.com"

_CHAINS: Final = (ETHEREUM, SOLANA)
_MOST_TOKENS: Final = 30


class Token(Payload):
    """A token of a pool."""

    address: str = Field(min_length=1, max_length=100)


class Swaps(Payload):
    """Swaps of a span: of the base token bought and sold."""

    buys: Count
    sells: Count


class SwapsBySpan(Payload):
    """Swaps; only of the last hour are read."""

    h1: Swaps


class VolumeBySpan(Payload):
    """Dollars swapped; left out where nothing was."""

    h1: Dollars = 0.0


class Liquidity(Payload):
    """What a pool holds, in USD."""

    usd: Dollars = 0.0


class Pair(Payload):
    """A pool. Without liquidity known it has no such field."""

    chain: str = Field(alias="chainId")
    address: str = Field(alias="pairAddress", min_length=1, max_length=200)
    base: Token = Field(alias="baseToken")
    quote: Token = Field(alias="quoteToken")
    swaps: SwapsBySpan = Field(alias="txns")
    volume: VolumeBySpan
    liquidity: Liquidity | None = None


def dexscreener_plan(*, base_url: str = DEXSCREENER_URL) -> ProviderPlan:
    """How DexScreener is asked: every two minutes, far below what is allowed."""
    return ProviderPlan(
        name=NAME,
        base_url=base_url,
        every_seconds=120.0,
        requests_per_minute=60.0,
    )


class DexScreenerFeed(ProviderFeed):
    """Asks for the pools of the traded coins that are tokens.

    Only pools against another listed token count: anybody can open one against a worthless token,
    invent its price and with it the pool's liquidity, and swap there as often as they like.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        assets: AssetNames,
        labels: Labels,
        minimum_liquidity_usd: float = 100_000.0,
    ) -> None:
        super().__init__(provider)
        self._assets = assets
        self._labels = labels
        self._minimum_liquidity_usd = minimum_liquidity_usd

    async def fetch(self) -> FeedAnswer:
        """Activity of every traded coin that is a listed token and has a pool worth counting."""
        pairs: list[Pair] = []
        wanted = self._wanted()
        for chain in _CHAINS:
            addresses = iter([token.address for token in wanted if token.chain == chain])
            while some := list(islice(addresses, _MOST_TOKENS)):
                pairs += await self._pairs(chain, some)
        known = [pair for pair in pairs if self._labels.token(pair.chain, pair.quote.address)]
        return self._provider.answer(activity_of(known, wanted, self._minimum_liquidity_usd))

    def _wanted(self) -> list[TokenContract]:
        assets = self._assets()
        return [
            token
            for chain in _CHAINS
            for token in self._labels.tokens_on(chain)
            if token.asset in assets and not token.is_stablecoin
        ]

    async def _pairs(self, chain: str, addresses: Sequence[str]) -> list[Pair]:
        rows = await self._provider.get(list[object], f"/tokens/v1/{chain}/{','.join(addresses)}")
        return sound_rows(self._provider, Pair, rows)


def activity_of(
    pairs: Iterable[Pair], tokens: Iterable[TokenContract], minimum_liquidity_usd: float
) -> list[DexActivity]:
    """Swaps per coin, summed over its pools; each pool counts once."""
    assets = {(token.chain, one_spelling(token.chain, token.address)): token for token in tokens}
    pools: dict[str, dict[tuple[str, str], Pair]] = {}
    for pair in pairs:
        token = assets.get((pair.chain, one_spelling(pair.chain, pair.base.address)))
        liquid = pair.liquidity is not None and pair.liquidity.usd >= minimum_liquidity_usd
        if token is not None and liquid:
            pools.setdefault(token.asset, {})[pair.chain, pair.address] = pair
    return [_summed(asset, of_asset) for asset, of_asset in pools.items()]


def _summed(asset: str, pools: Mapping[tuple[str, str], Pair]) -> DexActivity:
    pairs = pools.values()
    return DexActivity(
        asset=asset,
        buys=sum(pair.swaps.h1.buys for pair in pairs),
        sells=sum(pair.swaps.h1.sells for pair in pairs),
        volume_usd=sum(pair.volume.h1 for pair in pairs),
        liquidity_usd=sum(pair.liquidity.usd for pair in pairs if pair.liquidity is not None),
    )
