"""Answers without a page of their own: a sentence and what to do, or JSON."""

from __future__ import annotations

import html

import msgspec
from starlette.responses import Response


def plain_page(
    title: str, status: int, what: str, remedy: str = "", headers: dict[str, str] | None = None
) -> Response:
    """A plain page with one sentence and what to do."""
    text = f"<h1>{html.escape(what)}</h1><p>{html.escape(remedy)}</p>"
    top = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    body = (
        f'<!doctype html><html lang="en">{top}<title>{html.escape(title)}</title>'
        f"<main>{text}</main>"
    )
    named = {"Cache-Control": "no-store", **(headers or {})}
    return Response(body, status, media_type="text/html", headers=named)


def json_answer(body: object, status: int = 200) -> Response:
    """A JSON document that is not stored."""
    return Response(
        msgspec.json.encode(body),
        status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
