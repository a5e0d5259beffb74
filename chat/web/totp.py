"""The second factor."""

from __future__ import annotations

from typing import Annotated, Any

import pyotp
import segno
from pydantic import Field

from chat.actions import totp
from chat.web.command import Command
from chat.web.inputs import Input, Line, Nothing
from chat.web.wire import Wire


class CodeInput(Input):
    """A code of the app, or a recovery code."""

    code: Annotated[Line, Field(max_length=40)]


def _started(_: Wire, result: dict[str, str]) -> dict[str, Any]:
    address = pyotp.TOTP(result["secret"]).provisioning_uri(name=result["account"], issuer_name="Quietroom")
    picture = segno.make(address, error="m").svg_inline(scale=4, border=2)
    return {"secret": result["secret"], "address": address, "picture": picture}


COMMANDS = (
    Command(
        "start_totp",
        Nothing,
        "A secret for one's authenticator app, as text and as a QR picture.",
        action=totp.start_totp,
        view=_started,
    ),
    Command(
        "confirm_totp",
        CodeInput,
        "Put the second factor in force; answers the recovery codes, this once.",
        action=totp.confirm_totp,
        build=lambda given: totp.Code(given.code),
    ),
    Command(
        "stop_totp", CodeInput, "Turn the second factor off.", action=totp.stop_totp, build=lambda given: totp.Code(given.code)
    ),
)
