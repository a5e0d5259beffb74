"""Clients from a CSV list: a preview of what will happen, then all of them or none."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from chat.actions import imports
from chat.web.answers import Json
from chat.web.desk import desk_of, fields_of, unscoped
from chat.web.inputs import Input, Key, parse

LIST = 1024 * 1024


class PreviewInput(Input):
    """A list as text."""

    csv: Annotated[str, Field(max_length=LIST)]


class ImportInput(PreviewInput):
    """The list that was previewed."""

    key: Key


async def preview_clients(request: Request) -> Response:
    """POST /api/preview_clients: each row, with its problem or its doubt if it has one."""
    desk, who = await unscoped(request)
    given: PreviewInput = parse(PreviewInput, await fields_of(request, LIST), desk.wire.ids)
    rows = await asyncio.to_thread(imports.parse, given.csv)
    checked = await desk.runtime.ask(imports.preview, rows, who=who)
    problems = sum(row.problem is not None for row in checked)
    doubts = sum(row.doubt is not None for row in checked)
    counted = {"fine": len(checked) - problems, "problems": problems, "doubts": doubts}
    return Json({"rows": [_row(row) for row in checked], **counted})


async def import_clients(request: Request) -> Response:
    """POST /api/import_clients: add them all; refused while any row has a problem."""
    desk, who = await unscoped(request)
    given: ImportInput = parse(ImportInput, await fields_of(request, LIST), desk_of(request).wire.ids)
    rows = await asyncio.to_thread(imports.parse, given.csv)
    return Json(await desk.runtime.perform(imports.import_clients, who, imports.Import(given.key, tuple(rows))))


def _row(row: imports.Row) -> dict[str, Any]:
    view = asdict(row)
    del view["therapist_id"]
    return view
