"""The command line: `quietroom …`. One file a noun; each word calls the same actions as the pages do."""

from __future__ import annotations

import sys

import click
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from chat.cli.audit import audit
from chat.cli.backup import backup, restore
from chat.cli.check import check
from chat.cli.database import migrate
from chat.cli.demo import demo
from chat.cli.doctor import doctor
from chat.cli.keys import keys
from chat.cli.organizations import group as organizations
from chat.cli.organizations import setup
from chat.cli.people import people
from chat.cli.records import records
from chat.cli.serve import serve, worker
from chat.settings import Unsafe


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def words() -> None:
    """Quietroom: secure messaging for a practice."""


for word in (serve, worker, migrate, setup, demo, people, organizations, doctor, check, keys, audit, records, backup, restore):
    words.add_command(word)


def main() -> None:
    """Run a word; what a person can mend is one sentence, without a traceback."""
    try:
        words(standalone_mode=True)
    except Unsafe as error:
        sys.exit(str(error))
    except OperationalError:
        sys.exit("The database does not answer. Look at QUIETROOM_DATABASE_URL; `quietroom doctor` says more.")
    except ValidationError as error:
        sys.exit(
            "\n".join(
                f"The setting {'.'.join(map(str, one['loc'])) or 'file'} cannot be used: {one['msg']}." for one in error.errors()
            )
        )
