"""What this room needs to know from others without knowing them: they register it when they start."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

OrganisationRow = tuple[int, str, str, str, tuple[str, ...]]
RegionRow = tuple[str, str, str]


class Providers:
    """Where the register of organisations and the region tree come from."""

    def __init__(self) -> None:
        self._organisations: Callable[[], Iterator[OrganisationRow]] | None = None
        self._regions: Callable[[], Iterable[RegionRow]] | None = None

    def register(
        self,
        *,
        organisations: Callable[[], Iterator[OrganisationRow]],
        regions: Callable[[], Iterable[RegionRow]],
    ) -> None:
        """Name the functions that answer; the room that owns organisations calls this once."""
        self._organisations, self._regions = organisations, regions

    def organisations(self) -> Iterator[OrganisationRow]:
        """Id, USCC, name, region and former names of every organisation."""
        return self._organisations() if self._organisations else iter(())

    def regions(self) -> Iterable[RegionRow]:
        """Code, name and short name of every region of the tree."""
        return self._regions() if self._regions else ()


providers = Providers()
