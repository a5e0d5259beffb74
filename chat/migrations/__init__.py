"""Alembic migrations, inside the package."""
