"""Every family has its reason, and the daemon's words are the extension's."""

from __future__ import annotations

import json
from pathlib import Path

from telltale.domain import FAMILIES
from telltale.reasons import REASONS, reason

MESSAGES = Path(__file__).parents[2] / "extension/public/_locales/en/messages.json"


def test_every_family_has_one_reason_in_the_words_of_the_extension():
    messages = json.loads(MESSAGES.read_text(encoding="utf-8"))
    assert {f: messages[f"family_{f}_why"]["message"] for f in FAMILIES} == REASONS


def test_a_family_of_a_newer_model_has_none_and_breaks_nothing():
    assert reason("from_the_future") == ""
