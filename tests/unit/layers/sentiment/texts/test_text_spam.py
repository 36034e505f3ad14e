"""What is filtered, as what, and what is not."""

from collections import Counter

import pytest

from layers.sentiment.texts import SpamKind
from tests.unit.layers.sentiment.texts.accuracy import SPAM, headline, labelled, post, toned

ROWS = labelled()


def test_nearly_all_labelled_spam_is_caught_as_its_kind() -> None:
    spam = [row for row in ROWS if row.label == SPAM]
    found = [post(row.text).spam for row in spam]

    assert sum(kind is not None for kind in found) >= 0.95 * len(spam)
    assert sum(kind == row.traits[0] for kind, row in zip(found, spam, strict=True)) >= (
        0.9 * len(spam)
    )
    assert set(Counter(found)) >= set(SpamKind)


def test_hardly_any_text_that_counts_is_filtered() -> None:
    rows = toned(ROWS)

    assert sum(post(row.text).spam is not None for row in rows) <= 0.01 * len(rows)
    assert not any(headline(row.text).spam for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        "Airdrop of X begins on Tuesday",
        "Airdrop hunters sue foundation over missing tokens",
        "Police warn of fake Elon Musk bitcoin giveaway on YouTube",
        "Fake giveaway stream nets scammers $165,000 in bitcoin",
        "Exchange hacked: attackers drain 1,200 wallets",
        "Telegram opens its wallet to US users",
        "Presale of World Liberty token raises $300 million",
        "How to claim refunds from the FTX estate",
        "Referral fraud costs exchange $3 million",
        "Court orders first 500 creditors to be repaid",
        "Wallet drainer promised users free tokens",
        "Price analysis: BTC, ETH, XRP, SOL, ADA, DOGE, AVAX and LINK",
        "New trading bot rules: what VIP clients must know",
    ],
)
def test_news_about_what_spam_is_about_counts(text: str) -> None:
    assert headline(text).spam is None


@pytest.mark.parametrize(
    "text",
    [
        "Where do people discuss the airdrop of X?",
        "My wallet was drained after a fake airdrop, be careful",
        "Telegram wallet is down for me",
        "Anyone following the presale of this? Looks shady",
        "Made 3x on SOL this year, taking some off",
        "RT @desk: funds follow bitcoin's rally",
        "follow the money, follow the whales",
        "gm",
        "市场很安静",
    ],
)
def test_posts_of_ordinary_people_count(text: str) -> None:
    assert post(text).spam is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ｆｒｅｅ　ａｉｒｄｒｏｐ for you", SpamKind.GIVEAWAY),
        ("Fr\u200bee air\u200bdrop for you", SpamKind.GIVEAWAY),
        ("\u202edrop your wallet\u202c 👇", SpamKind.GIVEAWAY),
        ("FREE AIRDROP FOR ALL", SpamKind.GIVEAWAY),
        ("Like &amp; RT &amp; follow", SpamKind.BAIT),
        ("good calls here https://t.me/calls", SpamKind.ADVERT),
        ("good calls here t.me/calls", SpamKind.ADVERT),
        ("free SOL in wallet 7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU", SpamKind.GIVEAWAY),
        ("🚀" * 3 + " #a1 #b2 #c3 #d4 #e5 #f6 #g7 morning", SpamKind.BOT),
        ("", SpamKind.EMPTY),
        ("@friend $BTC #bitcoin 42% https://x.example", SpamKind.EMPTY),
    ],
)
def test_disguised_spam_is_seen_through(text: str, kind: SpamKind) -> None:
    assert post(text).spam is kind


def test_spam_has_no_tone() -> None:
    verdict = post("Free airdrop! To the moon, best project, huge gains")

    assert verdict.spam is SpamKind.GIVEAWAY
    assert verdict.tone == 0.0


def test_tags_with_an_opinion_are_not_empty() -> None:
    verdict = post("$SOL 🚀")

    assert verdict.spam is None
    assert verdict.tone > 0


def test_it_takes_more_to_doubt_an_editor() -> None:
    text = "Drop your wallet"

    assert post(text).spam is SpamKind.GIVEAWAY
    assert headline(text).spam is None
    assert headline("Free airdrop! Drop your wallet, like and retweet").spam is SpamKind.GIVEAWAY
