"""Column types and columns that behave the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    String,
    Text,
)
from sqlalchemy.types import TypeDecorator

from coding_app.errors import InputError

ServerOrder = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER PRIMARY KEY counts up on SQLite


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond; SQLite keeps no time zone, so it is taken off and put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raises ValueError for a time without a time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def storable(value: str) -> str:
    """Raises InputError for a zero character or half a character, which PostgreSQL or UTF-8 refuse."""
    halves = not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value)
    if halves or "\0" in value:
        raise InputError("A text holds characters that cannot be stored; type it again without them.")
    return value


class PlainText(TypeDecorator[str]):
    """Text that both engines can keep."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Raises InputError for characters that cannot be stored."""
        return None if value is None else storable(value)


class ShortText(TypeDecorator[str]):
    """An id, a key, a state: text of limited length, ShortText(64)."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Raises InputError for characters that cannot be stored."""
        return None if value is None else storable(value)


class WholeNumber(TypeDecorator[int]):
    """A whole number of up to 64 bits."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        """Raises InputError for a number that neither engine can keep."""
        if value is not None and not -(2**63) <= value < 2**63:
            raise InputError("A number is too large to be stored; check it.")
        return value


def key_column(name: str = "id", *, primary_key: bool = True) -> Column[str]:
    """An id: text of up to 64 characters, as a rule the primary key."""
    return Column(name, ShortText(64), primary_key=primary_key, nullable=False)


def reference_column(name: str, target: str, *, primary_key: bool = False) -> Column[str]:
    """The id of a row of another table."""
    return Column(name, ShortText(64), ForeignKey(target), primary_key=primary_key, nullable=False)


def text_column(name: str, *, nullable: bool = False) -> Column[str]:
    """Text of any length."""
    return Column(name, PlainText, nullable=nullable)


def whole_column(name: str, *, nullable: bool = False) -> Column[int]:
    """A whole number of up to 64 bits."""
    return Column(name, WholeNumber, nullable=nullable)


def moment_column(name: str, *, nullable: bool = False) -> Column[object]:
    """A moment in UTC."""
    return Column(name, UtcDateTime, nullable=nullable)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Checks that the column holds one of these."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(str(each)) for each in values)})", name=column)


def span_check() -> CheckConstraint:
    """Checks that a stretch of time begins before it ends."""
    return CheckConstraint("start_ms >= 0 AND end_ms >= start_ms", name="span")
