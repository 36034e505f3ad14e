"""The lists of wallets and contracts: what comes with Quorum holds, errors are caught."""

from pathlib import Path

import pytest

from domain.assets import STABLECOINS
from domain.errors import ConfigurationError
from domain.transfers import Party
from feeds.labels.addresses import BITCOIN, ETHEREUM, SOLANA, fault_of, one_spelling
from feeds.labels.labels import Labels, load_labels

LABELS = load_labels()
BINANCE = "0x28C6c06298d514Db089934071355E5743bf21d60"
COLD = "34xp4vRoCGJym3xR7yCVPFHoCNxv4Twseo"
SEGWIT = "bc1qm34lsc65zpw79lxes69zkqmk6ee3ewf0j77s3h"
TAPROOT = "bc1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqkedrcr"
WIF = "EKpQGSJtjMFqKZ9KQanSqYXRcF8fBopzLHYxdM65zcjm"


def load(folder: Path, *, wallets: str = "", tokens: str = "") -> Labels:
    (folder / "exchange_wallets.toml").write_text(wallets, encoding="utf-8")
    (folder / "token_contracts.toml").write_text(tokens, encoding="utf-8")
    return load_labels(folder)


def wallet(address: str = BINANCE, chain: str = ETHEREUM, extra: str = "") -> str:
    rows = [f'chain = "{chain}"', f'address = "{address}"', 'owner = "Binance"', 'label = "hot"']
    return "\n".join(["[[wallet]]", *rows, extra, ""])


def test_the_lists_that_come_with_quorum_hold() -> None:
    assert len(LABELS.wallets_on(ETHEREUM)) > 20
    assert len(LABELS.wallets_on(BITCOIN)) >= 8
    assert {token.asset for token in LABELS.tokens_on(ETHEREUM)} >= STABLECOINS
    assert {"SOL", "BONK"} <= {token.asset for token in LABELS.tokens_on(SOLANA)}


def test_an_exchange_is_known_in_any_spelling() -> None:
    expected = Party(address=BINANCE.lower(), owner="Binance", is_exchange=True)
    for spelling in (BINANCE, BINANCE.lower(), BINANCE.removeprefix("0x")):
        assert LABELS.party(ETHEREUM, spelling) == expected


def test_somebody_unknown_has_no_name() -> None:
    assert LABELS.party(ETHEREUM, "0x" + "AB" * 20) == Party(address="0x" + "ab" * 20)
    assert not LABELS.party(BITCOIN, BINANCE).is_exchange
    assert not LABELS.party(BITCOIN, COLD.lower()).is_exchange


def test_a_token_is_known_by_its_contract_alone() -> None:
    usdt = LABELS.token(ETHEREUM, "0xDAC17F958D2EE523A2206206994597C13D831EC7")
    assert usdt is not None
    assert (usdt.asset, usdt.decimals, usdt.is_stablecoin) == ("USDT", 6, True)
    assert LABELS.token(SOLANA, usdt.address) is None
    assert LABELS.token(ETHEREUM, "0x" + "66" * 20) is None


def test_a_wrapped_token_stands_for_its_coin() -> None:
    assert {token.ticker: token.asset for token in LABELS.tokens.values() if token.is_wrapped} == {
        "WBTC": "BTC",
        "WETH": "ETH",
        "WSOL": "SOL",
    }


def test_names_of_exchanges_are_spelled_as_the_list_does() -> None:
    assert [LABELS.exchange_name(name) for name in ("okx", "BINANCE", "stuart", "")] == [
        "OKX",
        "Binance",
        "stuart",
        "",
    ]


@pytest.mark.parametrize(
    ("chain", "address"),
    [
        (ETHEREUM, BINANCE),
        (ETHEREUM, BINANCE.lower()),
        (BITCOIN, COLD),
        (BITCOIN, SEGWIT),
        (BITCOIN, SEGWIT.upper()),
        (BITCOIN, TAPROOT),
        (BITCOIN, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
        (SOLANA, WIF),
        (SOLANA, "So11111111111111111111111111111111111111112"),
    ],
)
def test_real_addresses_pass(chain: str, address: str) -> None:
    assert fault_of(chain, address) == ""


@pytest.mark.parametrize(
    ("chain", "address"),
    [
        (ETHEREUM, BINANCE.replace("28C", "28c")),
        (ETHEREUM, BINANCE[:-1] + "1"),
        (ETHEREUM, BINANCE[:-1]),
        (ETHEREUM, BINANCE.removeprefix("0x")),
        (ETHEREUM, "0x" + "g" * 40),
        (BITCOIN, COLD.replace("xp", "px")),
        (BITCOIN, COLD[:-1]),
        (BITCOIN, "0" + COLD),
        (BITCOIN, SEGWIT.replace("79", "97")),
        (BITCOIN, SEGWIT[:-1] + SEGWIT[-1].upper()),
        (BITCOIN, SEGWIT + "b"),
        (BITCOIN, ""),
        (SOLANA, WIF[:-2]),
        (SOLANA, WIF.replace("E", "O")),
        ("tron", "TXYZ"),
    ],
)
def test_mistyped_addresses_are_caught(chain: str, address: str) -> None:
    assert fault_of(chain, address) != ""


def test_other_chains_keep_their_spelling() -> None:
    assert one_spelling(BITCOIN, COLD) == COLD
    assert one_spelling(ETHEREUM, "Multiple Addresses") == "Multiple Addresses"


def test_an_operator_may_add_a_wallet(tmp_path: Path) -> None:
    labels = load(tmp_path, wallets=wallet())
    assert labels.wallets_on(ETHEREUM) == (BINANCE.lower(),)


@pytest.mark.parametrize(
    ("wallets", "message"),
    [
        (wallet() + wallet(BINANCE.lower()), "twice"),
        (wallet(BINANCE[:-1]), "40 hexadecimal"),
        (wallet(chain="tron"), "chain 'tron'"),
        (wallet(extra='colour = "red"'), "colour"),
        ("[[wallet]]\nchain = 5", "entry"),
        ("[[wallet]", "cannot be read"),
        ('wallet = "x"', "entry"),
    ],
)
def test_a_faulty_list_names_its_file_and_entry(tmp_path: Path, wallets: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        load(tmp_path, wallets=wallets)
    assert "exchange_wallets.toml" in str(caught.value)


def test_a_missing_list_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"exchange_wallets.toml cannot be read"):
        load_labels(tmp_path)
