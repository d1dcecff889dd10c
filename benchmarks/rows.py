"""Rows made from their number: the same number gives the same row in a database of any size."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import Any, cast

from sqlalchemy import Column, Connection, Table

from core.db import Base
from core.ids import hash_token
from people.models.accounts import Account, AccountRole, SignInSession
from people.terms import Role

Row = Mapping[str, Any]
_LETTERS = "34679ACDEFGHJKMNPQRTWXY"
_CHUNK = 10_000


@lru_cache(maxsize=50_000)
def row_id(kind: str, number: int) -> str:
    """Return the id of the numbered thing; spread like a random one, so that indexes are fair."""
    return blake2b(f"{kind}:{number}".encode(), digest_size=16).hexdigest()


def reference(prefix: str, number: int) -> str:
    """Return the numbered thing's reference, spread over all references."""
    number = number * 7_919_317 % len(_LETTERS) ** 6
    letters = []
    for _ in range(6):
        number, at = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[at])
    return f"{prefix}-{''.join(letters)}"


def write(connection: Connection, model: type[Base], rows: Iterable[Row]) -> int:
    """Add rows of one table, all with the same columns; the models' defaults fill the rest.

    The values are turned into the texts both databases read, since three million rows through
    the types of the models take longer than the measurement.
    """
    table, waiting, count = cast(Table, model.__table__), iter(rows), 0
    while chunk := list(islice(waiting, _CHUNK)):
        names = list(chunk[0])
        rest = [each for each in table.columns if each.name not in names and _has_default(each)]
        fill = [_default(each) for each in rest]
        values = [
            (*(_text(row[name]) for name in names), *(make() for make in fill)) for row in chunk
        ]
        _add(connection, table.name, [*names, *(each.name for each in rest)], values)
        count += len(chunk)
    return count


def _add(
    connection: Connection, table: str, names: Sequence[str], values: list[tuple[Any, ...]]
) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"INSERT INTO {table} ({columns}) VALUES ({places})", values)  # noqa: S608 - our own names
        return
    driver = cast(Any, connection.connection.dbapi_connection)
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in values:
            copy.write_row(row)


def _has_default(column: Column[Any]) -> bool:
    return column.default is not None


def _default(column: Column[Any]) -> Callable[[], Any]:
    default = cast(Any, column.default)
    if default.is_scalar:
        value = _text(default.arg)
        return lambda: value
    if column.primary_key:
        return lambda: uuid.uuid4().hex
    return lambda: _text(default.arg(None))


def _text(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    if value is None or type(value) in (str, int, bytes):
        return value
    if type(value) is datetime:
        assert not value.microsecond
        return f"{str(value)[:19]}.000000"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, time):
        return f"{value.isoformat()}.000000"
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return int(value) if isinstance(value, bool) else str(value)


def token_of(account_id: str) -> str:
    """Return the token in the cookie of an account's browser."""
    return f"browser-of-{account_id}"


def write_accounts(
    connection: Connection, names: Mapping[str, tuple[str, Role]], *, now: datetime
) -> None:
    """Write accounts with one role each, and a browser that each is signed in with."""
    people = list(names.items())
    write(
        connection,
        Account,
        (
            {
                "id": account_id,
                "ref": reference("U", number),
                "email": f"{account_id}@northshire.example",
                "name": name,
                "password_hash": "none",
                "created_at": now - timedelta(days=400),
            }
            for number, (account_id, (name, _)) in enumerate(people)
        ),
    )
    write(
        connection,
        AccountRole,
        ({"account_id": account_id, "role": role} for account_id, (_, role) in people),
    )
    write(
        connection,
        SignInSession,
        (
            {
                "token_hash": hash_token(token_of(account_id)),
                "account_id": account_id,
                "created_at": now,
                "seen_at": now,
                "expires_at": now + timedelta(hours=12),
            }
            for account_id, _ in people
        ),
    )
