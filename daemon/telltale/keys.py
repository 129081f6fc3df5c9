"""What `app.init_app` wires, by the names that handlers ask for it."""

from __future__ import annotations

from aiohttp import web

from .auth import Sessions, Tries
from .engine import Engine
from .history import History
from .settings import Settings
from .times import Clock

SETTINGS = web.AppKey("settings", Settings)
CLOCK = web.AppKey[Clock]("clock")
HISTORY = web.AppKey("history", History)
ENGINE = web.AppKey("engine", Engine)
SESSIONS = web.AppKey("sessions", Sessions)
TRIES = web.AppKey("tries", Tries)
PATTERN = web.RequestKey("pattern", str)
PAIRING_ID = web.RequestKey("pairing_id", str)
