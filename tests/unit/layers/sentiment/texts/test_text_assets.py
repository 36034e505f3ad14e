"""Which coins a text is about."""

import pytest

from layers.sentiment.texts import MARKET
from tests.unit.layers.sentiment.texts.accuracy import headline


@pytest.mark.parametrize(
    ("text", "coins"),
    [
        ("Bitcoin slips", {"BTC"}),
        ("bitcoin's next move", {"BTC"}),
        ("Ether and Solana rise", {"ETH", "SOL"}),
        ("Ripple wins", {"XRP"}),
        ("Polygon's MATIC defends support", {"POL"}),
        ("Shiba Inu burns", {"SHIB"}),
        ("Bitcoin Cash halving", {"BCH"}),
        ("$wif looks fine", {"WIF"}),
        ("$1000PEPE, $PEPE and $WBTC", {"PEPE", "BTC"}),
        ("#BTC and #Solana", {"BTC", "SOL"}),
        ("SOL/USDT setup", {"SOL"}),
        ("BTCUSDT perpetual", {"BTC"}),
        ("1000PEPEUSDT funding", {"PEPE"}),
        ("LINK/USDT breaks out", {"LINK"}),
        ("LINK price jumps", {"LINK"}),
        ("$LINK", {"LINK"}),
        ("Big day for NEAR holders", {"NEAR"}),
        ("NEAR Protocol adds validators", {"NEAR"}),
        ("Arweave Founder Accuses Irys, AR Token Plunges", {"AR"}),
        ("The daily chart of Avalanche turns up", {"AVAX"}),
        ("Avalanche Network Gas Fees Surge", {"AVAX"}),
        ("Court hands Ripple a win", {"XRP"}),
        ("Ripple Expands Custody in Europe", {"XRP"}),
        ("RIPPLE WINS", {"XRP"}),
        ("loading up on ripple coins", {"XRP"}),
        ("#ripple", {"XRP"}),
        ("Ripple says FTX had a ripple effect on crypto", {"XRP"}),
        ("IOTA jumps", {"IOTA"}),
        ("#iota", {"IOTA"}),
        ("Developers of Iota move it to a new network", {"IOTA"}),
        ("sui looks strong", {"SUI"}),
        ("Players return to The Sandbox this week", {"SAND"}),
        ("The Sandbox Token Rallies", {"SAND"}),
        ("Telegram moves its ads to The Open Network", {"TON"}),
        ("ZK token unlock", {"ZK"}),
        ("$ZK", {"ZK"}),
        ("zkSync upgrades", {"ZK"}),
        ("DOGE cuts its losses", {"DOGE"}),
        ("Musk posts a picture and DOGE jumps", {"DOGE"}),
    ],
)
def test_coins_are_named_by_cashtag_ticker_pair_and_name(text: str, coins: set[str]) -> None:
    assert headline(text).assets == coins


@pytest.mark.parametrize(
    "text",
    [
        "An avalanche of liquidations in crypto",
        "LINK IN BIO FOR CRYPTO NEWS",
        "link to the crypto report",
        "NEAR the end of the crypto winter",
        "Only ONE exchange is left",
        "A near miss for the crypto bill",
        "The graph of crypto losses",
        "Crypto optimism returns",
        "Tether mints 1 billion USDT",
        "Price analysis: BTC, ETH, XRP, SOL and ADA",
        "Fed cuts rates",
        "$USDC loses its peg",
        "CRYPTO PRICE NEAR PRICE TARGET",
        "Somebody shouted DASH for the crypto exit",
        "Flow of money into crypto funds dries up",
        "$USD liquidity and crypto",
        "Exchange collapse sends ripple effect through crypto markets",
        "Exchange Collapse Sends a Ripple Across Crypto Markets",
        "Ripple Effects of the Hack Reach Crypto Lenders",
        "Liquidations Ripple Through Crypto",
        "A ripple of fear in crypto",
        "UK regulator opens the sandbox to stablecoin issuers",
        "UK Regulator Opens the Sandbox to Stablecoin Issuers",
        "The sandbox of the regulator takes in crypto firms",
        "Crypto firms win approval; not an iota of fraud was found",
        "Not an Iota of Fraud Was Found at the Exchange",
        "Crypto is sui generis, lawyers say",
        "Crypto Is Sui Generis, Lawyers Say",
        "the open network of crypto miners",
        "ZK proofs are the breakthrough for blockchains",
        "DOGE cuts at the SEC hurt crypto enforcement, lawyers warn",
        "DOGE staffers look into crypto at the Treasury",
    ],
)
def test_the_trade_as_a_whole_is_the_market(text: str) -> None:
    assert headline(text).assets == {MARKET}


@pytest.mark.parametrize(
    "text", ["Local man wins lottery", "", "$AMD beats estimates", "$40k", "Hope and fun", "👀"]
)
def test_what_names_neither_is_about_nothing(text: str) -> None:
    assert headline(text).assets == frozenset()


def test_assets_are_told_of_spam_too() -> None:
    assert headline("Free airdrop! Drop your wallet, like and retweet $SOL").assets == {"SOL"}
