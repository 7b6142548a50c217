from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from core.assembly import SystemClock, assemble
from core.assembly.sources import sources
from core.errors import Away, SettingsError, SourceUnavailable, UnsafeStart
from core.ports import Statement
from core.settings import PostgresSource, Settings, load
from tests.settings_files import ENVIRON, SKETCH, written


def configured(folder: Path) -> Settings:
    """The sketch with its PostgreSQL source alone."""
    settings = load(written(folder, SKETCH), ENVIRON)
    return replace(settings, sources=tuple(one for one in settings.sources if isinstance(one, PostgresSource)))


async def test_a_warehouse_without_credentials_is_refused_at_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_GCE_CHECK", "true")  # no machine of Google's is looked for
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    settings = load(written(tmp_path, SKETCH), ENVIRON)
    other = tuple(one for one in settings.sources if not isinstance(one, PostgresSource))
    with pytest.raises(UnsafeStart, match="no application default credentials"):
        async with assemble(replace(settings, sources=other)):
            pass


async def test_stdio_that_nobody_serves_is_refused_at_start(tmp_path: Path) -> None:
    settings = configured(tmp_path)
    trusted = replace(settings, gateway=replace(settings.gateway, trusted_stdio=True))
    with pytest.raises(SettingsError, match="stdio"):
        async with assemble(trusted):
            pass


async def test_a_source_that_is_away_is_closed_and_stops_no_start(tmp_path: Path) -> None:
    away = ENVIRON | dict.fromkeys(("SHOP_READ_URL", "SHOP_WRITE_URL"), "postgresql://shop_read:x@127.0.0.1:9/shop")
    settings = load(written(tmp_path, SKETCH), away)
    only = tuple(one for one in settings.sources if isinstance(one, PostgresSource))
    async with AsyncExitStack() as stack:
        connectors = await sources(stack, replace(settings, sources=only), SystemClock())
        assert list(connectors) == ["shop"]
        with pytest.raises(SourceUnavailable) as caught:
            await connectors["shop"].tables()
        assert caught.value.cause is Away.RECENT
        with pytest.raises(SourceUnavailable):
            async with connectors["shop"].visit(Statement(text="SELECT 1"), name="assent:t:1"):
                pass


async def test_every_source_that_could_never_open_is_named_at_once(
    tmp_path: Path, database: Callable[..., Awaitable[str]]
) -> None:
    where = (await database("SELECT 1")).rpartition("@")[2]
    wrong = ENVIRON | dict.fromkeys(("SHOP_READ_URL", "SHOP_WRITE_URL"), f"postgresql://shop_read:x@{where}")
    settings = load(written(tmp_path, SKETCH), wrong)
    (one,) = (each for each in settings.sources if isinstance(each, PostgresSource))
    other = replace(one, source=replace(one.source, name="desk"))
    async with AsyncExitStack() as stack:
        with pytest.raises(UnsafeStart) as told:
            await sources(stack, replace(settings, sources=(one, other)), SystemClock())
    assert [line.split("]")[0] for line in str(told.value).splitlines()] == ["[source.shop", "[source.desk"]
