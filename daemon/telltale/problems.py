"""Everything that can go wrong in a request, as exceptions. `answers` makes the HTTP answers of them.

An exception's class is the status and the slug; its text is one plain sentence: what is wrong and what is allowed.
"""

from __future__ import annotations

from math import ceil


class Problem(Exception):
    """A request that is not answered as asked."""

    status = 500
    slug = "internal"
    title = "Something went wrong"

    def __init__(self, detail: str, retry_after: float | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.headers = {} if retry_after is None else {"Retry-After": str(max(1, ceil(retry_after)))}


class BadJson(Problem):
    status, slug, title = 400, "bad-json", "Not JSON"


class BadPath(Problem):
    status, slug, title = 400, "bad-path", "Not a plain path"


class BadRequest(Problem):
    status, slug, title = 400, "bad-request", "Not understood"


class NoToken(Problem):
    status, slug, title = 401, "no-token", "Not paired"


class BadCode(Problem):
    status, slug, title = 403, "bad-code", "Wrong code"


class WrongOrigin(Problem):
    status, slug, title = 403, "wrong-origin", "Not let in"


class BadTicket(Problem):
    status, slug, title = 403, "bad-ticket", "The link was used or is too old"


class NotFound(Problem):
    status, slug, title = 404, "not-found", "Not found"


class NotAllowed(Problem):
    status, slug, title = 405, "method-not-allowed", "Method not allowed"


class TooSlow(Problem):
    status, slug, title = 408, "too-slow", "The request took too long"


class TooLarge(Problem):
    status, slug, title = 413, "too-large", "Too large"


class NotJson(Problem):
    status, slug, title = 415, "not-json", "Only JSON is read"


class WrongHost(Problem):
    status, slug, title = 421, "wrong-host", "Wrong host"


class BadField(Problem):
    status, slug, title = 422, "bad-field", "A field is missing or wrong"


class TooManyTries(Problem):
    status, slug, title = 429, "too-many-tries", "Too many tries"


class Busy(Problem):
    status, slug, title = 503, "busy", "Busy"


class Loading(Problem):
    status, slug, title = 503, "loading", "Loading"


class Stopping(Problem):
    status, slug, title = 503, "stopping", "Stopping"


class NoModel(Problem):
    status, slug, title = 503, "no-model", "No model"


class NoMemory(Problem):
    status, slug, title = 503, "no-memory", "Out of memory"


class HistoryFailed(Problem):
    status, slug, title = 507, "history-failed", "The history failed"
