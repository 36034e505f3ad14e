"""What is said about a coin, by mood: sentences with holes, and what stands around them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Mood(StrEnum):
    """What a sentence is up to."""

    BULLISH = "bullish"
    BEARISH = "bearish"
    NEUTRAL = "neutral"
    SARCASTIC = "sarcastic"
    SPAM = "spam"


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Sentences by mood, and what may begin and end any of them.

    Holes: {coin} "Solana (SOL)", {tag} "$SOL", {figure} a number from 2 to 98.
    """

    sentences: Mapping[Mood, tuple[str, ...]]
    beginnings: tuple[str, ...] = ("",)
    ends: tuple[str, ...] = ("",)


COIN_NAMES: Final[Mapping[str, str]] = {
    "BTC": "Bitcoin",
    "ETH": "Ethereum",
    "SOL": "Solana",
    "XRP": "XRP",
    "BNB": "BNB",
    "DOGE": "Dogecoin",
    "ADA": "Cardano",
    "AVAX": "Avalanche",
    "LINK": "Chainlink",
    "DOT": "Polkadot",
    "LTC": "Litecoin",
    "SUI": "Sui",
    "NEAR": "NEAR Protocol",
    "TRX": "TRON",
}
"""Names of the coins that are talked about most, in that order."""

_HEADLINES: Final[Mapping[Mood, tuple[str, ...]]] = {
    Mood.BULLISH: (
        "{coin} rallies as buyers return|Traders point to strong demand and rising inflows.",
        "{coin} breaks out, analysts see more upside|Open interest climbs as confidence improves.",
        "Institutions accumulate {coin} as outlook improves|Fund flows turned positive this week.",
        "{coin} surges past resistance|Bulls regained control after a quiet session.",
    ),
    Mood.BEARISH: (
        "{coin} tumbles as sellers take over|Leveraged longs were liquidated within minutes.",
        "{coin} slides, analysts warn of further losses|Weak demand leaves the price exposed.",
        "Whales dump {coin} amid growing fear|Outflows from funds accelerated this week.",
        "{coin} plunges below support|A failed bounce left buyers trapped.",
    ),
    Mood.NEUTRAL: (
        "{coin} trades sideways ahead of data|Volumes stayed near their average.",
        "What to know about the next {coin} upgrade|Developers published R&D notes and a date.",
        "{coin}: the week in review|Prices ended the week where they began.",
    ),
    Mood.SARCASTIC: (
        "Another 'final' bottom for {coin}, says everyone again|Opinion: what could go wrong?",
    ),
    Mood.SPAM: (
        "Sponsored: the {coin} presale that could 1000x|Join now and claim your bonus tokens.",
    ),
}

HEADLINES: Final = Phrases(
    sentences=_HEADLINES,
    beginnings=("", "", "Markets: ", "Analysis: ", "Update: "),
    ends=(
        "",
        " About {figure} percent of traders in a survey agreed.",
        " Derivatives data over {figure} hours say the same.",
        " One desk counted {figure} large orders.",
        " It is day {figure} of the current move.",
    ),
)
"""Title and summary, with "|" between."""

_POSTS: Final[Mapping[Mood, tuple[str, ...]]] = {
    Mood.BULLISH: (
        "{tag} looking strong here, bought more. This breakout is real 🚀",
        "Not selling a single {tag}. Bullish on this move, great volume",
        "{tag} reclaimed support, love this chart. Higher from here",
        "Finally good news for {tag} holders, momentum is back",
    ),
    Mood.BEARISH: (
        "{tag} looks terrible, breaking down. I'm out",
        "Got rekt on {tag} longs again. This dump is brutal",
        "{tag} can't hold any bounce, weak hands everywhere. Lower soon",
        "Sold my {tag}. Bad news keeps coming and nobody is buying",
    ),
    Mood.NEUTRAL: (
        "Anyone know when the {tag} unlock is?",
        "{tag} funding is flat today, waiting for the close",
        "Which wallet do you use for {tag}?",
    ),
    Mood.SARCASTIC: (
        "Great, {tag} down again. Best investment of my life, love being poor /s",
        "Oh sure, {tag} to the moon any minute now. Any. Minute. 🙄",
    ),
    Mood.SPAM: (
        "🎁 GIVEAWAY 🎁 send 1 {tag} and get 2 back! Follow + RT, first 500 wallets only",
        "CLAIM your free {tag} airdrop now, connect wallet, DM me for guaranteed 10x signals",
    ),
}

POSTS: Final = Phrases(
    sentences=_POSTS,
    beginnings=("", "", "Ok so ", "Quick thought: ", "Day {figure}: ", "Hm. ", "Update, "),
    ends=(
        "",
        " Been here for {figure} months.",
        " Watching the 15m chart.",
        " Position size {figure}%.",
        " What do you think?",
        " Thread below, part {figure}.",
        " Not advice.",
    ),
)
"""Posts of anybody."""
