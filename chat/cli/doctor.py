"""`quietroom doctor`: what is wrong with this installation, before anybody else finds it."""

from __future__ import annotations

import sys

import click
import redis
from sqlalchemy import text

from chat import house
from chat.cli.database import behind, prepare_folder
from chat.lib.database import unusable, writing_engine
from chat.settings import Settings, Unsafe


@click.command()
def doctor() -> None:
    """Look at configuration, keys, database and Redis, and say what to mend."""
    settings = Settings()
    problems = settings.problems()
    for look in (_keys, _database, _redis):
        problems += look(settings)
    for problem in problems:
        click.echo(f"✗ {problem}")
    if problems:
        sys.exit(1)
    click.echo("✓ Configuration, keys, database and Redis are as they should be.")


def _keys(settings: Settings) -> list[str]:
    try:
        prepare_folder(settings)
        house.open_vault(settings)
    except Unsafe as error:
        return [str(error)]
    return []


def _database(settings: Settings) -> list[str]:
    try:
        engine = writing_engine(settings.database)
        if behind(engine):
            return ["The database is not at this version. Run `quietroom migrate`."]
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception as error:
        if not unusable(error):
            raise
        return [f"The database does not answer ({type(error).__name__}). Look at QUIETROOM_DATABASE_URL."]
    return []


def _redis(settings: Settings) -> list[str]:
    if not settings.redis_url:
        return []
    try:
        redis.Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2).ping()
    except (redis.RedisError, OSError) as error:
        return [f"Redis does not answer ({type(error).__name__}). Look at QUIETROOM_REDIS_URL."]
    return []
