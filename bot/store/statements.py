"""INSERTs that both databases say in their own dialect."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


def insert(dialect: str, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what to do on a conflict."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def keep_once(dialect: str, table: sa.Table, *returning: str) -> sa.Insert:
    """An INSERT that does nothing where a unique key is taken already."""
    statement = insert(dialect, table).on_conflict_do_nothing()
    return statement.returning(*(table.c[name] for name in returning)) if returning else statement


@cache
def keep_last(dialect: str, table: sa.Table) -> sa.Insert:
    """An INSERT that replaces the row which has the key."""
    statement = insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    rest = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
    return statement.on_conflict_do_update(index_elements=keys, set_=rest)
