"""The body of a request, read no further than it may be long."""

from __future__ import annotations

from aiohttp import web


async def body_within(request: web.Request, most_bytes: int) -> bytes | None:
    """What was sent, or None as soon as it is more than that."""
    if (request.content_length or 0) > most_bytes:
        return None
    body = b""
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > most_bytes:
            return None
    return body
