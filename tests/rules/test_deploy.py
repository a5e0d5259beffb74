"""The files of deploy/ agree with each other where nobody would notice before it is needed."""

from __future__ import annotations

import re
from pathlib import Path

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_the_image_takes_backups_with_the_tools_of_the_server_s_version() -> None:
    tools = re.findall(r"postgresql-client-(\d+)", (DEPLOY / "Dockerfile").read_text())
    servers = re.findall(r"image: postgres:(\d+)", (DEPLOY / "compose.yaml").read_text())
    assert tools == servers
    assert len(servers) == 1
