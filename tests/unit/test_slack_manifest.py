"""The app manifest: as Slack's schema has it, in either mode, with no scope that nothing needs."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from demo.slack.manifest import OURS
from slackbot.manifest import SCOPES, manifest
from tests.commands import assent

PLACE = Path(__file__).resolve().parents[1] / "schemas" / "slack"
URL = "https://assent.example.com"


def schema() -> Any:
    digest, name = (PLACE / "SHA256SUMS").read_text().split()
    content = (PLACE / name).read_bytes()
    assert sha256(content).hexdigest() == digest
    return json.loads(content)


@pytest.mark.parametrize("url", ["", URL])
def test_the_manifest_is_as_slacks_own_schema_has_it(url: str) -> None:
    checker = Draft7Validator(schema())
    assert [error.message for error in checker.iter_errors(manifest(url=url))] == []
    assert [error.message for error in checker.iter_errors({**manifest(url=url), "more": 1})] != []


def test_http_mode_names_one_address_for_all_and_socket_mode_none() -> None:
    socket, http = str(manifest()), manifest(url=URL)
    assert "https:" not in socket
    assert str(http).count(f"{URL}/slack/events") == 3
    assert "'socket_mode_enabled': True" in socket
    assert "'socket_mode_enabled': False" in str(http)


def test_the_file_that_the_platform_reads_is_what_the_command_prints() -> None:
    done = assent("slack", "manifest")
    assert json.loads(done.stdout) == json.loads(OURS.read_text(encoding="utf-8")) == manifest()
    over = assent("slack", "manifest", "--url", URL)
    assert json.loads(over.stdout) == manifest(url=URL)


@pytest.mark.parametrize("url", ["http://assent.example.com", f"{URL}/", f"{URL}/x", "assent.example.com"])
def test_an_address_that_slack_could_not_post_to_is_refused(url: str) -> None:
    assert assent("slack", "manifest", "--url", url).exit_code == 2


def test_every_scope_says_what_it_is_for_and_an_address_book_is_none() -> None:
    assert all(what for _, what in SCOPES)
    assert "users:read.email" not in str(manifest())
