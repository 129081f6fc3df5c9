"""Command line over environment over default."""

from __future__ import annotations

from pathlib import Path

import pytest
from telltale.settings import Settings, SettingsError, default_models_dir, load


def test_the_command_line_wins_over_the_environment_and_that_over_the_default():
    environ = {"TELLTALE_PORT": "9000", "TELLTALE_DATA": "/env"}
    told = load(port=9001, environ=environ)
    assert (told.port, told.data_dir, told.models_dir) == (9001, Path("/env"), Settings().models_dir)
    assert load(environ=environ).port == 9000
    assert load(environ={}).port == 8355


def test_port_0_on_the_command_line_is_a_port():
    assert load(port=0, environ={"TELLTALE_PORT": "9000"}).port == 0


@pytest.mark.parametrize("value", ["x", "-1", "70000", "1.5", "²", "9" * 5000, "00000000099999"])
def test_a_port_that_is_none_is_refused_with_a_sentence(value):
    with pytest.raises(SettingsError, match=r"[Pp]ort|TELLTALE_PORT"):
        load(environ={"TELLTALE_PORT": value})


def test_the_models_are_those_of_the_checkout_unless_told(monkeypatch):
    monkeypatch.delenv("TELLTALE_MODELS", raising=False)
    assert default_models_dir() == Path(__file__).parents[2] / "models"
    monkeypatch.setenv("TELLTALE_MODELS", "/elsewhere")
    assert default_models_dir() == Path("/elsewhere")


def test_settings_do_not_change_while_the_daemon_runs():
    with pytest.raises(AttributeError):
        Settings().port = 1
