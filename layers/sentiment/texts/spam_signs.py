"""Signs of spam and what each weighs: data for `spam.py`.

A post is spam from four points, so a sign of four is enough alone. Phrases are in the keys of
`tokens.py`, without `SKIPPED`.
"""

from collections.abc import Mapping
from typing import Final

from layers.sentiment.texts.spam_kinds import SpamKind

_GIVEAWAY: Final[Mapping[int, str]] = {
    4: "<number> lucky, <number> people who follow, <number> to <number> people who, <number> to "
    "someone who, <number> winners, <times> back, <times> event, back double, big giveaway, "
    "claim your airdrop, claim your free, claim your reward, claim your tokens, comment your "
    "address, comment your wallet, double your bitcoin, double your crypto, double your eth, "
    "doubling your, drop <cashtag> address, drop <cashtag> addresses, drop <cashtag> "
    "adresses, drop btc address, drop eth address, drop sol address, drop solana address, "
    "drop your <cashtag>, drop your address, drop your btc, drop your eth, drop your sol, "
    "drop your solana, drop your wallet, drop your wallets, every wallet gets, every wallet "
    "will get, everyone gets paid, first <number> wallets, free airdrop, free tokens, give "
    "away <number>, giveaway event, giving away, giving someone, i will send <number>, i will "
    "send you, i'll give one of you, i'm sending <number>, leave your address, leave your "
    "wallet, lucky follower, lucky supporters, lucky winner, lucky winners, one lucky, person "
    "who retweets, pick winners, picking winners, post your address, post your wallet, quick "
    "giveaway, random follower, random followers, receive double, returned twice, retweet to "
    "enter, sent back twice, split among, to first <number>, to have <number> <cashtag> "
    "right, two lucky, verify your wallet, wallet in replies, who wants <number>, your addy, "
    "your addys",
    2: "address below, check your wallet, claim <number>, claim now, claim window, claim your, "
    "connect your wallet, doubling, drop btc, drop eth, drop sol, drop your, every deposit, "
    "everyone who, first <number>, free bitcoin, free btc, free crypto, free eth, get "
    "<number>, gifting <number>, giveaway, giveaways, in comments, in replies, instantly, no "
    "joke, paste your, receive <number>, send <number>, step <number>, winner in, yes for "
    "real, 🎁, 🪂",
}

_ADVERT: Final[Mapping[int, str]] = {
    4: "<percent> bonus, <times> guaranteed, cloud mining, copy my trades, deposit now, dm for, "
    "dm me, free trial, guaranteed <percent>, guaranteed <times>, guaranteed profit, "
    "guaranteed profits, guaranteed returns, helped me earn, helped me recover, helped me "
    "turn, hit me up, inbox me, invest <number>, join my telegram, join our discord, join our "
    "telegram, join our vip, link in bio, message her, message him, message me, no risk "
    "guaranteed, pump group, recover your lost, recovered all my, ref link, referral code, "
    "referral link, send her dm, send him dm, sign up bonus, signal group, signals group, "
    "text me on, use my code, use my link, vip signals",
    2: "<percent> daily, <times>, <times> easy, <times> gem, account manager, after <number> "
    "hours, ai bot, buy before, buy now, contact, crypto signals, daily profit, discount, "
    "don't miss, ends soon, ends tonight, financial freedom, first deposit, gem, gem alert, "
    "how i made, i made <number>, limited spots, lost access to, low cap, my link, my "
    "students, my telegram, my trades, next <times>, next gem, our new exchange, our website, "
    "passive income, pre sale, presale, profile link, promo code, reach out to, retrieve "
    "your, sign up, spots left, spots limited, stealth launch, stealth launched, subscribe, "
    "telegram, thanks to this trader, trading bot, vip, whatsapp, win rate, write me, write "
    "to me, write us",
}

_BAIT: Final[Mapping[int, str]] = {
    4: "f4f, follow back, follow everyone, follow for follow, follow me i, follow rt, "
    "followback, following everyone, get followed, i will follow, i'll follow, like follow, "
    "like for, like if you, like repost, like retweet, like rt, likes i reveal, likes "
    "reposts, repost if, repost this, retweet follow, retweet if, retweet my, retweet this, "
    "retweets follows, retweets this, rt follow, rt for, rt if, rt ♻, smash that like, tag "
    "friend, tag three friends, tag your friends, to interact, to retweet",
    2: "<number> likes, comment yes, drop 🚀, everyone who replies, follow, interact, like "
    "button, needs to see this, notifications on, pinned post, repost, reposts, retweet, "
    "retweets, rt, turn on notifications, turn on notis, who replies, ♻, 💟, 🔁",
}

_CUES: Final[Mapping[SpamKind, tuple[str, ...]]] = {
    SpamKind.GIVEAWAY: (
        "airdrop free gift gifting generous lucky prize random reward rewards winner winners wins",
        "claim connect drop paste register submit verify",
        "addy address addresses wallet wallets",
        "fastest hurry limited midnight quick tonight",
    ),
    SpamKind.ADVERT: (
        "bio contact dm inbox instagram private profile telegram whatsapp",
        "bonus course deposit experts guaranteed invest mentor presale recovery signals trial vip",
        "daily earn earned earns monthly profit profits weekly",
    ),
    SpamKind.BAIT: ("follower followers following likes notifications notis",),
}
"""Words that are at home in spam, in groups; a group counts once, and none of them alone."""

SIGNS: Final = {
    SpamKind.GIVEAWAY: _GIVEAWAY,
    SpamKind.ADVERT: _ADVERT,
    SpamKind.BAIT: _BAIT,
}

CUES: Final = {
    kind: tuple(frozenset(group.split()) for group in groups) for kind, groups in _CUES.items()
}

INVITING_LINKS: Final = ("t.me/", "wa.me/", "ref=", "/ref/", "/invite", "discord.gg")
"""Parts of links that lead to groups and rewards, in small letters."""

CUE: Final = 1
INVITING_LINK: Final = 4
TAGS: Final = 8
ADDRESS: Final = 2
"""Somebody's wallet, or the contract of a token."""

SKIPPED: Final = frozenset({"", "and", "a", "the", "+"})
"""What stands between the words of a phrase, or not."""
