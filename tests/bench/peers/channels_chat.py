"""Django Channels: a consumer, the ORM on SQLite, and Redis between the consumers, as its tutorial has it.

    python -m tests.bench.peers.channels_chat <port> <folder> <Redis' address>

Of its two layers over Redis the one that its documentation calls the newer is taken, with publish and subscribe.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import django
import orjson
from django.conf import settings

from tests.bench import wire
from tests.bench.names import other_of
from tests.bench.peers import plain

PORT, FOLDER, REDIS = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
DURABLE = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"

settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FOLDER / "channels.sqlite3",
            "OPTIONS": {"init_command": DURABLE, "transaction_mode": "IMMEDIATE"},
            "CONN_MAX_AGE": None,
        }
    },
    CHANNEL_LAYERS={"default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS]}}},
    INSTALLED_APPS=[],
    SECRET_KEY="of a measurement",
    USE_TZ=True,
)
django.setup()

# Only now: what stands in them asks for the settings.
from channels.db import database_sync_to_async  # noqa: E402
from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.db import connection, models  # noqa: E402


class Message(models.Model):
    """One row a message; its number stands for its place."""

    conversation = models.CharField(max_length=40, db_index=True)
    author = models.CharField(max_length=40)
    body = models.TextField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """There is no application of Django's that it could belong to."""

        app_label = "bench"


class Chat(AsyncWebsocketConsumer):
    """One socket. A group for each person."""

    async def connect(self) -> None:
        """Accept, join, and say hello."""
        self.username = plain.username_of(dict(self.scope["headers"])[b"cookie"].decode())
        await self.channel_layer.group_add(f"person.{self.username}", self.channel_name)
        await self.accept(wire.SUBPROTOCOL)
        await self.send(orjson.dumps(plain.hello()).decode())

    async def disconnect(self, code: int) -> None:
        """Leave."""
        await self.channel_layer.group_discard(f"person.{self.username}", self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Keep a message, acknowledge it, and pass it on."""
        command = orjson.loads(text_data or "")
        place, body = command["conversation"], command["body"]
        made = await database_sync_to_async(Message.objects.create)(conversation=place, author=self.username, body=body)
        await self.send(orjson.dumps(plain.done(command["key"], place, made.pk)).decode())
        frame = orjson.dumps(plain.change(place, made.pk, self.username, body)).decode()
        await self.channel_layer.group_send(f"person.{other_of(self.username)}", {"type": "changed", "frame": frame})

    async def changed(self, event: dict[str, Any]) -> None:
        """Something for this person."""
        await self.send(event["frame"])


def main() -> None:
    """Make the table and serve."""
    with connection.schema_editor() as editor:
        editor.create_model(Message)
    connection.close()
    plain.serve(ProtocolTypeRouter({"http": plain.pages, "websocket": Chat.as_asgi()}), PORT)


if __name__ == "__main__":
    main()
