"""What `assent init` writes: a file that loads, whatever a database calls its columns, and keys that are never lost."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from cli.source import proposal
from cli.source.drift import required, script
from cli.source.proposal import Found, Wanted, basic, comment, configuration, keys, masks, tell
from core.masking import Step, Wish
from core.masking.hardening.harden import SESSION
from core.masking.proposing.propose import Proposal
from core.settings import PostgresSource, load

HOSTILE = 'x"\n[gateway]\nstore = "\\u0000\x7f\x00\u202e😀'


def found(*columns: tuple[str, str, str]) -> Found:
    proposals = tuple(
        Proposal(column=column, tag=tag, mask=mask, reason=f"the column is called {column}: it may hold it.")
        for column, tag, mask in columns
    )
    wish = Wish(
        tags={one.column: one.tag for one in proposals},
        masks=masks(proposals),
        read_role="shop_read",
        write_role="shop_write",
    )
    return Found(name="shop", proposals=proposals, steps=(), wish=wish)


def wanted(folder: Path, *, reviewer: str = "dba@example.com") -> Wanted:
    return Wanted(
        folder=folder,
        name=None,
        issuer="https://login.example.com",
        directory="example",
        reviewer=reviewer,
        force=False,
    )


@pytest.mark.parametrize("text", ["", "plain", 'a"b', "a\\b", HOSTILE, "\x85\u2028", "é😀"])
def test_a_text_is_the_same_string_in_toml(text: str) -> None:
    assert tomllib.loads(f"x = {basic(text)}") == {"x": text}


def test_a_name_cannot_end_a_comment() -> None:
    assert "\n" not in comment(HOSTILE)
    assert tomllib.loads(f"# {comment(HOSTILE)}\nx = 1") == {"x": 1}


def test_what_is_proposed_loads_as_it_is(tmp_path: Path) -> None:
    text = configuration(
        found(
            ("public.customers.email", "pii.email", "token"),
            ("public.customers.notes", "free_text", "free_text"),
            ("public.customers.born", "pii.birth", "year"),
            ("public.people.birth_year", "pii.birth", "hide"),
        ),
        wanted(tmp_path),
    )
    path = tmp_path / "assent.toml"
    proposal.write(path, text)
    assert keys(tmp_path / "keys")
    urls = {f"SHOP_{kind}_URL": f"postgresql://shop_{kind}:p@127.0.0.1/shop" for kind in ("READ", "WRITE")}
    settings = load(path, urls)
    (source,) = settings.sources
    assert isinstance(source, PostgresSource)
    assert source.source.tags["public.customers.notes"] == "free_text"
    assert dict(settings.masks) == {"pii.birth": "year", "pii.email": "token"}
    assert settings.warnings == ()
    assert "Two people at least" in text
    named = text.replace("# operators = ", "operators = ")
    assert tomllib.loads(named)["console"]["operators"] == ["dba"]


def test_a_hostile_column_is_one_tag_and_nothing_else(tmp_path: Path) -> None:
    raw = tomllib.loads(configuration(found((HOSTILE, "pii.email", "token")), wanted(tmp_path, reviewer=HOSTILE)))
    assert raw["source"]["shop"]["tags"] == {HOSTILE: "pii.email"}
    assert raw["group"]["dba"]["members"] == [HOSTILE]
    assert raw["gateway"]["store"] == "sqlite:assent.db"


def test_files_are_for_their_owner_and_follow_no_link(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("mine")
    (tmp_path / "new").mkdir()
    link = tmp_path / "new" / "assent.toml"
    link.symlink_to(other)
    proposal.write(link, "text")
    assert (other.read_text(), link.read_text()) == ("mine", "text")
    assert stat.S_IMODE(link.stat().st_mode) == 0o600


def test_keys_differ_and_are_never_replaced(tmp_path: Path) -> None:
    assert keys(tmp_path)
    made = {name: (tmp_path / name).read_text() for name in proposal.SECRETS}
    assert len(set(made.values())) == 4
    assert all(len(text.strip()) >= 32 for text in made.values())
    (tmp_path / "mask").unlink()
    assert keys(tmp_path)
    assert not keys(tmp_path)
    assert {name: (tmp_path / name).read_text() for name in ("questions", "results", "signing")}.items() <= made.items()


def test_the_roles_urls_come_before_harden_and_their_passwords_after_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(found(), tmp_path, made=True)
    said = capsys.readouterr().out.replace("\n", " ")
    order = ("SHOP_READ_URL", "harden --dba", "in psql", "assent doctor")
    assert sorted(order, key=said.index) == list(order)


def test_sql_stands_under_its_reason_in_one_transaction() -> None:
    step = Step("GRANT SELECT ON TABLE a TO b;", "what \x1b[2J carries no tag", optional=True)
    text = script((Step(SESSION, "names"), step), found().wish)
    assert text.index("BEGIN;") < text.index(SESSION) < text.index(step.sql) < text.index("COMMIT;")
    assert "-- what ⟨U+001B⟩[2J carries no tag (if the server refuses" in text
    assert "\\password shop_read" in text
    assert [required(one) for one in (Step(SESSION, ""), step, Step("x", ""))] == [False, False, True]
