"""Whatever is written into the settings: they load, or one error names the key. Never a secret."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.settings import load_settings, secrets_of
from app.settings.tree import Settings
from app.settings.variable import declared_variables
from domain.errors import ConfigurationError

VARIABLES = [declared.variable for declared in declared_variables(Settings)]
NAMES = [variable.name for variable in VARIABLES if variable.name != "QUORUM_CONFIG"]
SECRET_NAMES = [variable.name for variable in VARIABLES if variable.secret]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(NAMES), TEXTS))
def test_any_values_load_or_are_refused_by_name(environ: dict[str, str]) -> None:
    try:
        load_settings(environ, env_file=None)
    except ConfigurationError as error:
        named = [name for name in NAMES if name in str(error)]
        assert set(named) & set(environ)


@settings(max_examples=50)
@given(
    st.sampled_from(SECRET_NAMES),
    st.text("ABCDEFGHJKLMNPQRSTUVWXYZ23456789%&/=+ü", min_size=12, max_size=30),
    st.sampled_from(["{}", "bad {}", "1:{}", "mysql://user:{}@host/name", "redis://:{}@host/0"]),
)
def test_no_secret_is_ever_told(name: str, secret: str, form: str) -> None:
    environ = {name: form.format(secret), "CLOCK_SPEED": "fast"}
    try:
        shown = repr(load_settings(environ, env_file=None))
    except ConfigurationError as error:
        shown = str(error)

    assert secret not in shown


@settings(max_examples=25)
@given(st.text("abcdefghijklmnop", min_size=6, max_size=20))
def test_the_password_of_a_database_is_known_as_a_secret(password: str) -> None:
    environ = {"DATABASE_URL": f"postgresql://user:{password}@host/name"}

    assert password in secrets_of(load_settings(environ, env_file=None))
