"""The one place where an exception becomes an answer: problem+json (RFC 9457), or a small page for a person."""

from __future__ import annotations

import json
import logging
import traceback
from html import escape
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from .access_log import note_pattern
from .history import HistoryError
from .memory import is_memory
from .problems import BadRequest, HistoryFailed, NoMemory, NotAllowed, NotFound, Problem, TooLarge

log = logging.getLogger(__name__)


@web.middleware
async def answer_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The outermost middleware: nothing leaves as aiohttp's own page or as a traceback."""
    note_pattern(request)
    try:
        return await handler(request)
    except Exception as error:
        return _answer(request, _problem_of(error))


def _problem_of(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case HistoryError():
            log.error("%s", error)
            return HistoryFailed(str(error))
        case web.HTTPException():
            return _of_http(error)
        case _ if is_memory(error):
            log.error("A page needs more memory than there is.")
            return NoMemory("There is not enough memory for this now; close something, or ask again later.", 30)
    # The message may quote what was read, so the log has the error's kind and place; `run --verbose` has it all.
    log.error("A request failed: %s at %s.", type(error).__name__, _place(error))
    log.debug("In full:", exc_info=error)
    return Problem("Telltale failed at this; its log says why.")


def _place(error: Exception) -> str:
    """The innermost place that failed, as `reader.py:40`."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "no place"


def _of_http(error: web.HTTPException) -> Problem:
    """aiohttp's own refusals, in our shape."""
    if isinstance(error, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(error.allowed_methods))
        problem: Problem = NotAllowed(f"{error.method} is not allowed here; allowed is {allowed}.")
        problem.headers["Allow"] = allowed
        return problem
    if error.status == 404:
        return NotFound("There is nothing at this address.")
    if error.status == 413:
        return TooLarge("The body is larger than is allowed.")
    return BadRequest(f"The request cannot be answered: {error.reason}.")


def _answer(request: web.Request, problem: Problem) -> web.Response:
    if request.path.lstrip("/").startswith("v1/") or "text/html" not in request.headers.get("Accept", ""):
        return _json(problem)
    text = _PAGE.format(title=escape(problem.title), detail=escape(problem.detail))
    return web.Response(status=problem.status, text=text, content_type="text/html", headers=problem.headers)


def _json(problem: Problem) -> web.Response:
    body = {
        "type": f"urn:telltale:problem:{problem.slug}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }
    content_type = "application/problem+json"
    return web.Response(
        status=problem.status, text=json.dumps(body), content_type=content_type, headers=problem.headers
    )


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} – Telltale</title>
<link rel="stylesheet" href="/static/telltale.css">
<main>
<h1>{title}</h1>
<p>{detail}</p>
<p><a href="/">Back to the history</a></p>
</main>
</html>
"""
