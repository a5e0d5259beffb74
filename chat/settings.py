"""Settings: config.toml, outranked by QUIETROOM_… variables. Production refuses what is unsafe, with a sentence."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from chat.lib.buckets import Place

ROOT = Path(__file__).resolve().parent.parent


class Unsafe(Exception):
    """The settings would put people at risk, or cannot work; the message says what to change."""


class Settings(BaseSettings):
    """Each is explained in config.toml."""

    model_config = SettingsConfigDict(env_prefix="QUIETROOM_", toml_file=ROOT / "config.toml", extra="forbid")

    environment: Literal["development", "production"] = "development"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65_535)
    base_url: str = ""
    data: Path = Path("data")
    support: str = ""
    database_url: str = ""
    redis_url: str = ""
    files: str = ""
    files_key: SecretStr = SecretStr("")
    files_secret: SecretStr = SecretStr("")
    keys_file: str = ""
    keys: SecretStr = SecretStr("")
    key_days: int = Field(default=7, ge=0)
    ledger: str = ""
    mail_url: SecretStr = SecretStr("")
    mail_from: str = ""
    push_hosts: str = "fcm.googleapis.com,updates.push.services.mozilla.com,.push.apple.com,.notify.windows.com"
    sms_url: str = ""
    sms_account: str = ""
    sms_token: SecretStr = SecretStr("")
    sms_from: str = ""
    trusted_proxies: str = ""
    metrics_port: int = Field(default=0, ge=0, le=65_535)
    metrics_token: SecretStr = SecretStr("")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    body_length: int = Field(default=10_000, ge=1, le=12_000)  # at most 4 bytes each, escaped: fits a frame of 64 KiB
    alert_delay: int = Field(default=10, ge=0)
    staff_alert_delay: int = Field(default=900, ge=0)
    alert_fold: int = Field(default=300, ge=0)
    quick_link_minutes: int = Field(default=15, ge=1, le=60)
    quick_link_sessions: int = Field(default=1, ge=1)
    attachment_megabytes: int = Field(default=25, ge=1, le=100)
    attachments_per_message: int = Field(default=10, ge=1, le=50)
    clamd: str = ""
    sign_in_limit: int = Field(default=10, ge=1)
    limits: Literal["auto", "on", "off"] = "auto"
    command_limit: int = Field(default=1_200, ge=1)
    send_limit: int = Field(default=300, ge=1)
    upload_limit: int = Field(default=60, ge=1)
    socket_limit: int = Field(default=60, ge=1)
    connection_limit: int = Field(default=10_000, ge=10)
    link_limit: int = Field(default=60, ge=1)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then config.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @field_validator("base_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("mail_url")
    @classmethod
    def _mail_server(cls, value: SecretStr) -> SecretStr:
        parts = urlsplit(value.get_secret_value())
        known = parse_qs(parts.query).get("tls", ["starttls"])[0] in {"starttls", "tls", "none"}
        if parts.geturl() and not (parts.scheme == "smtp" and parts.hostname and known):
            raise ValueError("it looks like smtp://user:password@host:587?tls=starttls (or tls=tls, or tls=none)")
        return value

    @field_validator("files")
    @classmethod
    def _bucket(cls, value: str) -> str:
        if value:
            try:
                Place.of(value)
            except ValueError as error:
                raise ValueError(
                    "it looks like s3://bucket/folder?endpoint=https://s3.example.org&region=eu-central-1"
                ) from error
        return value

    @field_validator("support")
    @classmethod
    def _request_address(cls, value: str) -> str:
        if not value or value.startswith("https://"):
            return value
        address = value.removeprefix("mailto:")
        if not re.fullmatch(r"[^\s/:?@]+@[^\s/:?@]+", address):
            raise ValueError("it is an email address, or a form that begins with https://")
        return f"mailto:{address}"

    @field_validator("clamd")
    @classmethod
    def _scanner(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if value and not value.startswith("/") and not (host and port.isdecimal() and 0 < int(port) <= 65_535):
            raise ValueError("it looks like 127.0.0.1:3310, or /run/clamav/clamd.ctl for a unix socket")
        return value

    @model_validator(mode="after")
    def _text_gateway(self) -> Settings:
        if self.sms_url and not (self.sms_account and self.sms_token.get_secret_value() and self.sms_from):
            raise ValueError("text messages need sms_account, sms_token and sms_from beside sms_url")
        return self

    @model_validator(mode="after")
    def _bucket_key(self) -> Settings:
        if bool(self.files_key.get_secret_value()) != bool(self.files_secret.get_secret_value()):
            raise ValueError("files_key and files_secret go together")
        return self

    @model_validator(mode="after")
    def _default_address(self) -> Settings:
        self.base_url = self.base_url or f"http://localhost:{self.port}"
        return self

    @property
    def production(self) -> bool:
        """Whether real people are served."""
        return self.environment == "production"

    @property
    def push_services(self) -> tuple[str, ...]:
        """The push services by name."""
        return tuple(filter(None, (name.strip() for name in self.push_hosts.split(","))))

    @property
    def limited(self) -> bool:
        """Whether the limits on work hold (those on guesses always do)."""
        return self.limits == "on" or (self.limits == "auto" and self.production)

    @property
    def texts_to_outbox(self) -> bool:
        """Whether texts become files beside the mails: in development, where neither leaves."""
        return not (self.production or self.sms_url or self.mail_url.get_secret_value())

    @property
    def secure(self) -> bool:
        """Whether browsers reach the service by https."""
        return self.base_url.startswith("https://")

    @property
    def database(self) -> str:
        """The database's address; the embedded default is a file in the data folder."""
        return self.database_url or f"sqlite:///{self.data / 'quietroom.db'}"

    @property
    def embedded(self) -> bool:
        """Whether one process does it all on SQLite."""
        return self.database.startswith("sqlite")

    @property
    def origins(self) -> frozenset[str]:
        """Pages that may open a socket or change something."""
        local = {f"http://localhost:{self.port}", f"http://127.0.0.1:{self.port}"}
        return frozenset({self.base_url} if self.production else {self.base_url} | local)

    def problems(self) -> list[str]:
        """What production must not be started with."""
        if not self.production:
            return []
        found = []
        if not self.secure:
            found.append("QUIETROOM_BASE_URL must begin with https:// in production; people type passwords there.")
        if not self.keys.get_secret_value() and not self.keys_file:
            found.append(
                "Production needs keys from outside the data folder: QUIETROOM_KEYS or QUIETROOM_KEYS_FILE (quietroom keys make)."
            )
        if self.keys_file and self.data.resolve() in Path(self.keys_file).resolve().parents:
            found.append("QUIETROOM_KEYS_FILE lies in the data folder; whoever copies the one would have the other.")
        if self.ledger and self.data.resolve() in (Path(self.ledger).resolve(), *Path(self.ledger).resolve().parents):
            found.append("QUIETROOM_LEDGER lies in the data folder and would be lost with it. Name a place on another machine.")
        if parse_qs(urlsplit(self.mail_url.get_secret_value()).query).get("tls") == ["none"]:
            found.append("QUIETROOM_MAIL_URL has tls=none; production hands mails over encrypted only (tls=starttls or tls=tls).")
        if self.files and Place.of(self.files).endpoint.startswith("http://"):
            found.append("QUIETROOM_FILES must have an endpoint that begins with https:// in production.")
        if os.environ.get("QUIETROOM_TEST_HASHING"):
            found.append("QUIETROOM_TEST_HASHING makes passwords easy to guess and is for the tests only; leave it unset.")
        if self.sms_url and not self.sms_url.startswith("https://"):
            found.append("QUIETROOM_SMS_URL must begin with https:// in production.")
        if self.redis_url == "" and not self.embedded:
            found.append("Several processes over PostgreSQL need QUIETROOM_REDIS_URL, or messages arrive seconds late.")
        return found
