from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.assembly import assemble
from core.errors import SettingsError
from core.settings import PostgresSource, Settings, load
from tests.settings_files import ENVIRON, SKETCH, written


def configured(folder: Path) -> Settings:
    """The sketch with its PostgreSQL source alone."""
    settings = load(written(folder, SKETCH), ENVIRON)
    return replace(settings, sources=tuple(one for one in settings.sources if isinstance(one, PostgresSource)))


async def test_masks_in_the_text_alone_are_refused_at_start(tmp_path: Path) -> None:
    settings = configured(tmp_path)
    (shop,) = settings.sources
    assert isinstance(shop, PostgresSource)
    weaker = replace(settings, sources=(replace(shop, source=replace(shop.source, enforced=False)),))
    with pytest.raises(SettingsError, match="spliced is not carried"):
        async with assemble(weaker):
            pass


async def test_a_source_of_a_kind_that_is_not_carried_is_refused_at_start(tmp_path: Path) -> None:
    settings = load(written(tmp_path, SKETCH), ENVIRON)
    other = tuple(one for one in settings.sources if not isinstance(one, PostgresSource))
    with pytest.raises(SettingsError, match="only postgres is carried"):
        async with assemble(replace(settings, sources=other)):
            pass


async def test_stdio_that_nobody_serves_is_refused_at_start(tmp_path: Path) -> None:
    settings = configured(tmp_path)
    trusted = replace(settings, gateway=replace(settings.gateway, trusted_stdio=True))
    with pytest.raises(SettingsError, match="stdio"):
        async with assemble(trusted):
            pass
