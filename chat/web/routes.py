"""Every URL, one table."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from chat.web import (
    alerts,
    attachments,
    audit,
    away,
    clients,
    contact_logs,
    conversations,
    documents,
    drafts,
    exports,
    health,
    holds,
    hooks,
    imports,
    mass_messages,
    messages,
    metrics,
    organizations,
    outbox,
    overview,
    passwords,
    people,
    prints,
    push,
    quick_links,
    sessions,
    setup,
    site,
    staff,
    static_files,
    texts,
)
from chat.web.answers import Json
from chat.web.commands import COMMANDS, carry_out
from chat.web.desk import desk_of, fields_of, signed_in
from chat.web.handshake import socket


async def command(request: Request) -> Response:
    """POST /api/<name>: any command of the table."""
    session = await signed_in(request)
    desk_of(request).paces.commands.take(session.who.session or 0)
    fields = await fields_of(request)
    name = request.url.path.rpartition("/")[2]
    return Json(await carry_out(desk_of(request), session.who, name, fields))


READS = [
    Route("/api/me", people.me),
    Route("/api/conversations", conversations.conversation_list),
    Route("/api/conversations/{id}/messages", messages.message_list),
    Route("/api/people", people.people_list),
    Route("/api/away", away.away_view),
    Route("/api/drafts", drafts.draft_list),
    Route("/api/clients", clients.client_list),
    Route("/api/clients/{id}", clients.client_view),
    Route("/api/clients/{id}/alerts", alerts.client_alerts),
    Route("/api/clients/{id}/texts", texts.client_texts),
    Route("/api/clients/{id}/export", exports.export_client),
    Route("/api/export", exports.export_own),
    Route("/api/clients/{id}/holds", holds.hold_list),
    Route("/api/clients/{id}/contact_log", contact_logs.contact_log_view),
    Route("/api/clients/{id}/contact_log.csv", contact_logs.contact_log_csv),
    Route("/api/clients/{id}/contact_log.pdf", contact_logs.contact_log_pdf),
    Route("/api/attachments/{id}", attachments.download),
    Route("/api/attachments/{id}/small", attachments.thumbnail),
    Route("/api/mass_messages", mass_messages.mass_list),
    Route("/api/mass_messages/{id}/recipients", mass_messages.mass_recipients),
    Route("/api/contacts", clients.own_contacts),
    Route("/api/staff", staff.staff_list),
    Route("/api/organization", organizations.practice_view),
    Route("/api/overview", overview.overview_page),
    Route("/api/audit", audit.audit_list),
    Route("/api/audit.csv", audit.audit_csv),
    Route("/api/setup", setup.is_needed),
    Route("/api/sessions", sessions.session_list),
    Route("/api/alerts", alerts.alert_list),
    Route("/api/push", push.push_key),
]
WAYS_IN = [
    Route("/api/sign_in", sessions.sign_in, methods=["POST"]),
    Route("/api/sign_out", sessions.sign_out, methods=["POST"]),
    Route("/api/set_up", setup.set_up_practice, methods=["POST"]),
    Route("/api/preview_clients", imports.preview_clients, methods=["POST"]),
    Route("/api/import_clients", imports.import_clients, methods=["POST"]),
    Route("/api/confirm_sign_in", sessions.confirm_sign_in, methods=["POST"]),
    Route("/api/attachments", attachments.upload, methods=["PUT"]),
    Route("/api/unlock", sessions.unlock, methods=["POST"]),
    Route("/api/change_password", passwords.change, methods=["POST"]),
    Route("/api/look_at_link", passwords.look, methods=["POST"]),
    Route("/api/accept_invitation", passwords.accept, methods=["POST"]),
    Route("/api/reset_password", passwords.accept, methods=["POST"]),
    Route("/api/request_password_reset", passwords.forgot, methods=["POST"]),
]
DOORS = [
    Route("/q/{token}", quick_links.link_page),
    Route("/q/{token}", quick_links.press, methods=["POST"]),
    Route("/q/{token}/instead", quick_links.press_instead, methods=["POST"]),
    Route("/q/{token}/mail", quick_links.mail, methods=["POST"]),
    Route("/unsubscribe", alerts.unsubscribe_page),
    Route("/unsubscribe", alerts.unsubscribe, methods=["POST"]),
    Route(hooks.PATH, hooks.text_received, methods=["POST"]),
    Route("/dev/outbox", outbox.mail_list),
    Route("/dev/outbox/{name}", outbox.mail_view),
]
#: A signed link, or a signature, proves who asks: mail programs (RFC 8058) and the text gateway post here, not pages of ours.
FROM_ELSEWHERE = frozenset({"/unsubscribe", hooks.PATH})
PAGES = (
    "/",
    "/sign-in",
    "/invitation",
    "/new-password",
    "/forgot",
    "/setup",
    "/inbox",
    "/sent",
    "/trash",
    "/clients",
    "/practice",
    "/account",
    "/help",
)

ROUTES: list[BaseRoute] = [
    # First: a page asks for fifty of these, and each would be compared with a hundred addresses.
    Mount("/static", static_files.Files(directory=static_files.STATIC), name="static"),
    *READS,
    *WAYS_IN,
    *DOORS,
    Route("/api/print", prints.print_conversations, methods=["POST"]),
    *(Route(f"/api/{name}", command, methods=["POST"], name=name) for name in COMMANDS),
    WebSocketRoute("/ws", socket),
    Route("/openapi.json", documents.openapi_document),
    Route("/asyncapi.json", documents.asyncapi_document),
    Route("/healthz", health.healthz),
    Route("/readyz", health.readyz),
    Route("/sw.js", site.worker_script),
    Route("/words/{language}.json", site.words),
    Route("/metrics", metrics.metrics_page),
    *(Route(path, site.page) for path in PAGES),
    *(Route(f"{path}/{{rest:path}}", site.page) for path in PAGES[1:]),
]
