"""Column types that keep what SQLite would lose: the zone of an instant, the digits of a price."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Dialect, Numeric, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from domain.errors import InvalidDataError


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out; a naive one is refused.

    SQLite drops offsets, and asyncpg reads a naive value as the host's local time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """To UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidDataError(f"{value!r} has no time zone; store aware instants only")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """To aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal with all its digits: NUMERIC where that is exact, text on SQLite.

    SQLite would keep a float. Its texts don't sort or add up as numbers: do neither in SQL.
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:
        """Digits without an exponent for text."""
        if value is None or dialect.name != "sqlite":
            return value
        return format(value, "f")

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Back to a decimal."""
        return None if value is None else Decimal(value)
