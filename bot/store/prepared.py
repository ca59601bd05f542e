"""Statements of the hot path: written in SQLAlchemy, compiled once, run on the driver's own cursor.

SQLAlchemy's execution costs about 60 us a statement even when its cache hits, five times what SQLite itself takes. An
answer has five statements and a budget of half a millisecond, so those are compiled to text and to the functions that
convert their parameters and columns, all of it by SQLAlchemy and once per engine.
"""

import collections
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import BindParameter

Convert = Callable[[Any], Any]
Statement = sa.Select[*tuple[Any, ...]] | sa.Insert | sa.Update


class Prepared:
    """One statement for one dialect. Holds no connection; safe to share between threads."""

    def __init__(self, statement: Statement, dialect: sa.Dialect) -> None:
        columns = None
        if isinstance(statement, sa.Insert):  # an INSERT without values names its columns when it is compiled
            columns = [column.name for column in statement.table.c if _is_given(column)]
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        self.sql = str(compiled)
        binds: Mapping[BindParameter[Any], str] = compiled.bind_names
        self._defaults = {name: bind.value for bind, name in binds.items() if not bind.required}
        self._converts = {
            name: convert
            for bind, name in binds.items()
            if (convert := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        self._order: list[str] | None = getattr(compiled, "positiontup", None)
        given = statement.selected_columns if isinstance(statement, sa.Select) else statement.exported_columns
        self._row: Any = collections.namedtuple("Row", [column.name for column in given], rename=True)  # type: ignore[misc]
        self._readers: list[tuple[int, Convert]] = [
            (place, read)
            for place, column in enumerate(given)
            if isinstance(column.type, sa.TypeDecorator | sa.Boolean)  # what is else here both drivers give as it is
            and (read := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def run(self, cursor: Any, parameters: Mapping[str, Any]) -> None:
        """Executes on a cursor of the driver."""
        values = {**self._defaults, **parameters}
        for name, convert in self._converts.items():
            values[name] = convert(values[name])
        cursor.execute(self.sql, [values[name] for name in self._order] if self._order is not None else values)

    def rows(self, cursor: Any, parameters: Mapping[str, Any]) -> list[Any]:
        """All rows, their columns as attributes."""
        self.run(cursor, parameters)
        return [self._read(row) for row in cursor.fetchall()]

    def tuples(self, cursor: Any, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """All rows as plain tuples: for the many rows of which few columns need converting."""
        self.run(cursor, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        for place, read in self._readers:
            rows = [(*row[:place], read(row[place]), *row[place + 1 :]) for row in rows]
        return rows

    def _read(self, row: Any) -> Any:
        if self._readers:
            cells = list(row)
            for place, read in self._readers:
                cells[place] = read(cells[place])
            row = cells
        return self._row._make(row)


_prepared: dict[tuple[Statement, str], Prepared] = {}  # by statement and dialect; the statements are module constants


def prepared(statement: Statement, dialect: sa.Dialect) -> Prepared:
    """The statement made ready for a dialect, once."""
    key = (statement, dialect.name)
    if key not in _prepared:
        _prepared[key] = Prepared(statement, dialect)
    return _prepared[key]


def _is_given(column: Any) -> bool:
    """Whether an INSERT is given the column's value; the database numbers the rest."""
    return not (column.primary_key and column.autoincrement is not False and isinstance(column.type, sa.Integer))


class Transaction:
    """One open transaction, for statements of SQLAlchemy and for prepared ones."""

    def __init__(self, connection: sa.Connection) -> None:
        self._run = connection.execute
        self._dialect = connection.dialect.name
        self._connection = connection
        self._cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]

    def _first(self, statement: Statement, parameters: Mapping[str, Any]) -> Any:
        rows = self._rows(statement, parameters)
        return rows[0] if rows else None

    def _rows(self, statement: Statement, parameters: Mapping[str, Any]) -> list[Any]:
        return prepared(statement, self._connection.dialect).rows(self._cursor, parameters)

    def _tuples(self, statement: Statement, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        return prepared(statement, self._connection.dialect).tuples(self._cursor, parameters)

    def _do(self, statement: Statement, parameters: Mapping[str, Any]) -> None:
        prepared(statement, self._connection.dialect).run(self._cursor, parameters)
