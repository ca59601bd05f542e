"""The history of the tables, run by Alembic when the tutor starts."""
