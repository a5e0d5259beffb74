"""`quietroom serve` and `quietroom worker`."""

from __future__ import annotations

import asyncio
import gc
import logging
import resource
import socket
import sys
from typing import Any

import click
import uvicorn

from chat import house
from chat import worker as jobs
from chat.app import make_app
from chat.cli.database import empty, make_ready, only_one, prepare_folder
from chat.cli.demo import PASSWORD, fill
from chat.cli.keys import refuse_wrong_keys
from chat.cli.tools import Hands, asking
from chat.lib import logs, metrics
from chat.lib.database import writing_engine
from chat.settings import Settings, Unsafe
from chat.web.patience import Timely
from chat.web.transport import Impatient

# The loop and the writer share the interpreter: let them change places sooner than after the default 5 ms.
_SWITCH = 0.001
# New objects after which Python looks for garbage in cycles. The default of 700 is reached several times in each batch.
_GARBAGE = 20_000


@click.command()
@click.option("--no-demo", is_flag=True, help="Leave an empty development database empty.")
@click.option("--port", type=click.IntRange(1, 65_535), help="Serve on this port instead of the configured one.")
def serve(*, no_demo: bool, port: int | None) -> None:
    """Serve the pages, the API and the socket; on SQLite, the worker's jobs too."""
    settings = Settings() if port is None else Settings(port=port)
    if problems := settings.problems():
        raise Unsafe("\n".join(problems))
    _log(settings)
    prepare_folder(settings)
    listener = _listen(settings)
    lock = only_one(settings)
    waiting = _prepare(settings, demo=not no_demo and not settings.production)
    _greet(settings, waiting=waiting)
    _show_metrics(settings)
    server = uvicorn.Server(uvicorn.Config(make_app(settings), **_options(settings)))
    _tune()
    server.run(sockets=[listener])
    if lock is not None:
        lock.close()


@click.command()
def worker() -> None:
    """Carry out jobs beside the web processes (PostgreSQL); the embedded default does them inside `serve`."""
    settings = Settings()
    if settings.embedded:
        raise Unsafe("On SQLite `quietroom serve` does the worker's jobs. A worker of its own needs PostgreSQL.")
    if problems := settings.problems():
        raise Unsafe("\n".join(problems))
    _log(settings)
    _prepare(settings, demo=False)
    _show_metrics(settings)
    asyncio.run(jobs.serve(settings))


def _log(settings: Settings) -> None:
    logs.begin(settings.log_level, machine=settings.production)
    # It would note the address of each socket, and at DEBUG every frame with what people say.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _show_metrics(settings: Settings) -> None:
    if settings.metrics_port:
        metrics.start_http_server(settings.metrics_port, settings.host)


def _tune() -> None:
    # Each socket is an open file, and the usual limit is 1,024.
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    sys.setswitchinterval(_SWITCH)
    # What is there now stays: the collector need not walk through it again and again, for 10 ms and more each time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE, 20, 20)


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "ws": Impatient,
        "ws_max_size": 65_536,
        "ws_per_message_deflate": False,
        "ws_ping_interval": 20,
        "ws_ping_timeout": 20,
        "http": Timely,
        "loop": "uvloop",
        "server_header": False,
        "date_header": True,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": settings.trusted_proxies or None,
        "access_log": False,  # addresses hold ids; what needs a record is in the audit trail
        "log_config": None,
        "timeout_graceful_shutdown": 10,
        "timeout_keep_alive": 20,
        "limit_concurrency": settings.connection_limit,
    }


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        raise Unsafe(
            f"Port {settings.port} at {settings.host} is taken or not allowed. Choose another with --port or QUIETROOM_PORT."
        ) from error
    listener.listen(2048)
    listener.set_inheritable(True)
    return listener


def _prepare(settings: Settings, *, demo: bool) -> bool:
    """Bring the database to this version; the answer is whether it waits for its first administrator."""
    engine = writing_engine(settings.database)
    make_ready(settings, engine)
    unused = empty(engine)
    if demo and unused:
        fill(settings)
    engine.dispose()
    house.refuse_demo(settings)
    with asking(settings) as ask:
        refuse_wrong_keys(ask, house.open_vault(settings))
    with Hands():  # gives a new database its epoch
        pass
    return unused and not demo


def _greet(settings: Settings, *, waiting: bool) -> None:
    click.echo(f"Quietroom serves at {settings.base_url}")
    if waiting:
        click.echo(f"Set up your practice at {settings.base_url}/setup#{house.setup_token(house.open_vault(settings))}")
    elif not settings.production:
        click.echo(f"Sign in as ben (therapist) and, in another browser, as dana (his client). The password is {PASSWORD}")
