"""What an operator may write: settings are whole, or the fault is told; nothing else is raised."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from app.parameter_switching import read_values
from app.settings import Settings, load_settings
from app.settings.variable import declared_variables
from app.strategy_file import STRATEGY_FILE
from domain.errors import ConfigurationError
from feeds.labels.labels import load_labels
from tests.fuzz.mutations import cut, texts

NAMES = [one.variable.name for one in declared_variables(Settings)]
STRATEGY = STRATEGY_FILE.read_text(encoding="utf-8")
SET = STRATEGY.replace("\n#", "\n")
"""With every threshold set."""
DEEP = b"x = " + b"[" * 20_000 + b"]" * 20_000
WALLET = b'[[wallet]]\nchain = "ethereum"\naddress = "0x00"\nowner = "Some"\nlabel = "hot"\n'


def damaged_toml(content: bytes) -> SearchStrategy[bytes]:
    """A file with a part cut, doubled or changed, one that is too deep, or noise."""
    values = st.sampled_from([b"nan", b"inf", b"-inf", b"1e400", b"9" * 400, b"{}", b"[]", b'""'])
    changed = st.tuples(st.sampled_from(content.split(b" = ")[1:]), values).map(
        lambda pair: content.replace(pair[0], pair[1] + b"\n" + pair[0].partition(b"\n")[2], 1)
    )
    return st.one_of(cut(content), changed, st.just(DEEP), st.binary(max_size=99))


@given(st.dictionaries(st.sampled_from(NAMES), texts(), min_size=1, max_size=6))
def test_any_environment_is_settings_or_a_list_of_faults(environment: dict[str, str]) -> None:
    loaded_or_refused(environment, b"", None)


@given(
    st.one_of(
        cut("\n".join(f"{name}=1" for name in NAMES).encode()),
        st.tuples(st.sampled_from(NAMES), texts()).map(
            lambda line: f"{line[0]}={line[1]}".encode(errors="replace")
        ),
        st.binary(max_size=99),
    )
)
def test_any_env_file_is_settings_or_a_list_of_faults(content: bytes) -> None:
    loaded_or_refused({}, content, None)


@given(damaged_toml(SET.encode()))
def test_any_strategy_file_is_settings_or_a_list_of_faults(content: bytes) -> None:
    loaded_or_refused({}, b"", content)


def loaded_or_refused(environment: dict[str, str], env: bytes, strategy: bytes | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        env_file, strategy_file = Path(folder) / ".env", Path(folder) / "quorum.toml"
        env_file.write_bytes(env)
        strategy_file.write_bytes(STRATEGY.encode() if strategy is None else strategy)
        told = {"QUORUM_CONFIG": str(strategy_file), **environment}
        try:
            settings = load_settings(told, env_file=env_file)
        except ConfigurationError:
            return
        assert isinstance(settings, Settings)


@given(damaged_toml(SET.encode()))
def test_any_file_of_parameters_is_values_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set.toml"
        path.write_bytes(content)
        try:
            values = read_values(path)
        except ConfigurationError:
            return
        assert all(isinstance(name, str) for name in values)


@given(st.one_of(damaged_toml(WALLET), st.just(b"wallet = 5"), st.just(b"x = " + b"9" * 9000)))
def test_any_list_of_wallets_is_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "exchange_wallets.toml").write_bytes(content)
        (Path(folder) / "token_contracts.toml").write_bytes(b"")
        try:
            labels = load_labels(Path(folder))
        except ConfigurationError:
            return
        assert not labels.tokens
