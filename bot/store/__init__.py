"""Keeps what must not be lost: SQLAlchemy Core on SQLite and PostgreSQL."""
