"""What people call coins: data for `assets.py`."""

from collections.abc import Mapping
from typing import Final

NAMES: Final[Mapping[str, str]] = {
    "1INCH": "1inch",
    "AAVE": "aave",
    "ADA": "cardano",
    "AKT": "akash network",
    "ALGO": "algorand",
    "APE": "apecoin, ape coin",
    "APT": "aptos",
    "AR": "arweave",
    "ARB": "arbitrum",
    "ASTER": "aster dex",
    "ATOM": "cosmos hub",
    "AVAX": "avax, avalanche network, avalanche foundation, ava labs",
    "AXS": "axie infinity",
    "BCH": "bitcoin cash",
    "BERA": "berachain",
    "BNB": "bnb, binance coin, bnb chain",
    "BONK": "bonk",
    "BTC": "bitcoin, bitcoins, btc, xbt",
    "CAKE": "pancakeswap",
    "COMP": "compound finance",
    "CRO": "cronos",
    "CRV": "curve finance, curve dao",
    "DOGE": "dogecoin, doge",
    "DOT": "polkadot",
    "DYDX": "dydx",
    "EGLD": "multiversx",
    "EIGEN": "eigenlayer",
    "ENA": "ethena",
    "ENS": "ethereum name service",
    "ETC": "ethereum classic",
    "ETH": "ethereum, ether, eth",
    "FARTCOIN": "fartcoin",
    "FET": "fetch.ai",
    "FIL": "filecoin",
    "FLOKI": "floki",
    "FLR": "flare network",
    "FTM": "fantom",
    "GMX": "gmx",
    "GRT": "the graph protocol",
    "HBAR": "hedera, hashgraph",
    "HYPE": "hyperliquid",
    "ICP": "internet computer, dfinity",
    "IMX": "immutable x",
    "INJ": "injective",
    "JTO": "jito",
    "JUP": "jupiter exchange",
    "KAIA": "kaia",
    "KAS": "kaspa",
    "LDO": "lido, lido dao",
    "LINK": "chainlink",
    "LTC": "litecoin, ltc",
    "LUNA": "terra luna, terraform",
    "MANA": "decentraland",
    "MKR": "makerdao",
    "MON": "monad",
    "MORPHO": "morpho",
    "NEAR": "near protocol, near foundation",
    "NEO": "neo blockchain",
    "ONDO": "ondo, ondo finance",
    "OP": "op mainnet, optimism foundation",
    "ORDI": "ordi",
    "PENDLE": "pendle",
    "PENGU": "pudgy penguins",
    "PEPE": "pepe",
    "POL": "polygon, matic",
    "PUMP": "pump.fun",
    "PYTH": "pyth",
    "QNT": "quant network",
    "RAY": "raydium",
    "RENDER": "render network",
    "ROSE": "oasis network",
    "RUNE": "thorchain",
    "SEI": "sei network",
    "SHIB": "shiba inu, shib, shiba",
    "SNX": "synthetix",
    "SOL": "solana, sol",
    "STRK": "starknet",
    "STX": "stacks network",
    "SUI": "sui, sui network",
    "TAO": "bittensor",
    "TIA": "celestia",
    "TON": "toncoin",
    "TRUMP": "official trump, trump coin, trump memecoin",
    "TRX": "tron",
    "UNI": "uniswap",
    "VET": "vechain",
    "VIRTUAL": "virtuals protocol",
    "W": "wormhole",
    "WIF": "dogwifhat",
    "WLD": "worldcoin",
    "WLFI": "world liberty financial",
    "XLM": "stellar lumens, lumens",
    "XMR": "monero",
    "XRP": "xrp",
    "XTZ": "tezos",
    "ZEC": "zcash",
    "ZIL": "zilliqa",
    "ZK": "zksync",
    "ZRO": "layerzero",
}
"""Coin -> names that mean nothing else, in small letters."""

CAPITALISED_NAMES: Final[Mapping[str, str]] = {
    "ATOM": "cosmos",
    "AVAX": "avalanche",
    "COMP": "compound",
    "CRV": "curve",
    "DASH": "dash",
    "FLOW": "flow",
    "FLR": "flare",
    "GRT": "the graph",
    "IMX": "immutable",
    "IOTA": "iota",
    "JUP": "jupiter",
    "MKR": "maker",
    "MNT": "mantle",
    "OP": "optimism",
    "QNT": "quant",
    "RENDER": "render",
    "S": "sonic",
    "SAND": "the sandbox",
    "STX": "stacks",
    "THETA": "theta",
    "TON": "the open network",
    "WAVES": "waves",
    "XLM": "stellar",
}
"""Coin -> names that are everyday words, too: they need a capital and the trade around them."""

OWN_NAMES: Final[Mapping[str, str]] = {"XRP": "ripple"}
"""Coin -> names that are words in small letters alone: they need a capital or the trade beside."""

_NO_NAMES: Final = """
a ripple, ripple across, ripple effect, ripple effects, ripple into, ripple of, ripple out,
ripple through, ripple throughout, sui generis, sui juris,
doge agency, doge cuts at the, doge cuts federal, doge cuts jobs, doge cuts staff,
doge cuts thousands, doge department, doge employees, doge job cuts, doge layoffs, doge officials,
doge staff, doge staffers, doge subcommittee
"""

NO_NAMES: Final = frozenset(" ".join(_NO_NAMES.split()).split(", "))
"""Phrases with a coin's name or ticker that are about none: a headline may write them in capitals.

Those with "doge" are about a department of the United States.
"""

_AMBIGUOUS_TICKERS: Final = """
ALICE ALT APE APT AR ARC ATOM BAT BEAM BIO BLUR CAKE CAT COMP CYBER DASH DENT DOT FLOW FUN GAS GMT
GOAT GRASS HYPE INIT JOE LINK LISTA MAGIC MANA MASK MAV MEME MINA MON NEAR NEIRO ONE OP ORCA POL
PUMP RAY RENDER ROSE SAND SLERF SONIC STEEM STORJ SYN TON TRB TRUMP TURBO UMA UNI VET VIRTUAL
WAVES XAI ZEN ZK
"""

AMBIGUOUS_TICKERS: Final = frozenset(_AMBIGUOUS_TICKERS.split())
"""Tickers that are words, too: in capitals they need the trade around them, or a "$" before."""

_PLAIN_TICKERS: Final = """
BGB CHZ DYM ENJ EOS FLUX FTT GALA IOTA IOTX JASMY KAVA KSM LEO LRC MEW MNT NEXO NOTCOIN OKB PNUT
POPCAT QTUM RSR RVN SUSHI TWT WOO XDC XEM YFI ZRX
"""

PLAIN_TICKERS: Final = frozenset(_PLAIN_TICKERS.split())
"""More tickers that are no words: capitals are enough."""

_NO_COINS: Final = """
AAPL AMD AMZN AUD CAD CHF CNY COIN DXY EUR GBP GLD GOOG HOOD INR JPY KRW META MSFT MSTR NVDA QQQ
SPX SPY TSLA USD VIX
"""

NO_COINS: Final = frozenset(_NO_COINS.split())
"""What stands behind a "$" though it is a currency, a share or an index."""

_TRADE_WORDS: Final = """
altcoin bears blockchain breakout bulls chain coin coins dao dump ecosystem etf foundation futures
holder holders labs long longs mainnet marines memecoin network perp perps price protocol pump
rallies rally short shorts staking testnet token tokens usd usdc usdt
"""

TRADE_WORDS: Final = frozenset(_TRADE_WORDS.split())
"""Beside a word that may be a coin, these say that it is one."""

_MARKET_WORDS: Final = """
airdrop airdrops altcoin altcoins alts altseason bear bearish bears binance bitfinex blackrock
blockchain blockchains bull bullish bulls bybit cftc chart circle coin coinbase coins cpi crypto
cryptocurrencies cryptocurrency cryptos defi degens dex etf etfs exchange exchanges fed fomc ftx
grayscale halving hodl inflation kraken leverage liquidation liquidations longs market markets
memecoin memecoins microstrategy miners nft nfts ngmi okx onchain powell rekt sec selloff shorts
stablecoin stablecoins staking tether token tokens usdc usdt wagmi wallet wallets web3 whale
whales
"""

MARKET_WORDS: Final = frozenset(_MARKET_WORDS.split())
"""Words of texts about the trade as a whole."""
