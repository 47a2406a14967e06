"""All files of the demo city, in the order in which they have to be loaded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from zhicheng.apps.demo.city import (
    enforcement,
    firms,
    framework,
    honours,
    lending,
    patents,
    pools,
    rights,
    service,
    transfers,
)
from zhicheng.apps.demo.city.table import Table


def city_tables() -> list[Table]:
    """The zone outside the standard first, then organisations: the owners of everything else are matched to them."""
    rooms = (firms, framework, patents, rights, honours, pools, transfers, lending, enforcement, service)
    return [framework.regions(), *(table for room in rooms for table in room.tables())]


def write_city(folder: Path) -> Iterator[tuple[Table, Path]]:
    """Write every file and yield it as soon as it stands."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, table in enumerate(city_tables(), start=1):
        path = table.write(folder)
        named = path.with_name(f"{number:02d}_{path.name}")
        path.replace(named)
        yield table, named
