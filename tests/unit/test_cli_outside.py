"""Where checkpoints go, as the configuration says it, and what doctor says of each place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.doctor.outside import Seen, looked, worded
from core.errors import SettingsError
from tests.settings_files import loaded

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
VKEY = "witness.example.com/w1+969980cf+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"
LOG = "audit.example.com/assent+2e0e62e4+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
WITNESS = f'\n[[witness]]\nname = "security"\nurl = "https://w.example"\nkey = "{VKEY}"\n'
ANCHOR = '\n[[anchor]]\nname = "worm"\nkind = "file"\npath = "worm.jsonl"\nrequired = true\n'
HOOK = '\n[[anchor]]\nname = "hook"\nkind = "webhook"\nurl = "https://h.example"\nsecret = "env:HOOK"\n'


def ms(ago: timedelta) -> int:
    return int((NOW - ago).timestamp() * 1000)


def test_places_are_read_with_their_pace(tmp_path: Path) -> None:
    found = loaded(tmp_path, more=WITNESS + ANCHOR + HOOK, environ={"HOOK": "whsec_x"}).places
    assert [(one.name, one.kind, one.every.total_seconds(), one.required) for one in found] == [
        ("security", "witness", 10.0, False),
        ("worm", "file", 3600.0, True),
        ("hook", "webhook", 3600.0, False),
    ]
    assert found[1].path == tmp_path / "worm.jsonl"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (WITNESS.replace(VKEY, LOG), "not a witness's key"),
        (WITNESS.replace(VKEY, VKEY[:-1]), "not a witness's key"),
        (WITNESS.replace("https:", "http:"), "no-tls:security"),
        (HOOK.replace("https:", "http:"), "no-tls:hook"),
        (WITNESS + ANCHOR.replace("worm", "security"), "names another place"),
        (ANCHOR + 'url = "https://h.example"\n', "a file anchor wants no url"),
        (HOOK.replace('secret = "env:HOOK"\n', ""), "a webhook anchor wants a secret"),
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_meant_is_refused(tmp_path: Path, more: str, says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        loaded(tmp_path, more=more, environ={"HOOK": "whsec_x"})


@pytest.mark.parametrize(
    ("ago", "trouble", "required", "bad", "refuses"),
    [
        (timedelta(minutes=5), "", True, False, False),
        (timedelta(minutes=5), "no answer", True, True, False),
        (timedelta(hours=1), "", False, True, False),
        (timedelta(hours=1), "no answer", True, True, True),
        (None, "", True, True, True),
        (None, "", False, True, False),
    ],
)
def test_a_place_that_took_nothing_for_an_hour_is_late(
    tmp_path: Path, ago: timedelta | None, trouble: str, required: bool, bad: bool, refuses: bool
) -> None:
    said = f"{WITNESS}required = {str(required).lower()}\n"
    seen = Seen(ms(timedelta(0)), {"security": (12, ms(ago) if ago else 0, trouble)})
    signed, place = worded(loaded(tmp_path, more=said), seen, NOW)
    assert (signed.bad, signed.says) == (False, "the last was signed 0 s ago")
    assert (place.area, place.bad, place.refuses, place.remedy) == ("witness.security", bad, refuses, trouble)


def test_a_signer_that_is_silent_is_told(tmp_path: Path) -> None:
    settings = loaded(tmp_path, more=WITNESS)
    assert next(iter(worded(settings, Seen(ms(timedelta(minutes=14))), NOW))).bad is False
    late = next(iter(worded(settings, Seen(ms(timedelta(minutes=15))), NOW)))
    assert (late.bad, late.says) == (True, "the last was signed 15 min ago")


async def test_a_store_that_is_not_there_or_not_one_is_said(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    found = list(await looked(settings))
    assert [one.says for one in found] == ["none is signed yet", "none leaves the store"]
    assert [one.bad for one in found] == [False, True]
    (tmp_path / "assent.db").write_bytes(b"x" * 100)
    assert [one.bad for one in await looked(settings)] == [True]
