"""What every template knows: the place it shows, the regions to switch to, the navigation, the demo band."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest

from zhicheng.apps.accounts.public import City, city
from zhicheng.apps.web.navigation import entries_for
from zhicheng.apps.web.place import PERIODS, BadAddress, Place, default_place, place_of, scope_of
from zhicheng.apps.web.regions import RegionChoice, region_choices, region_name


class Shell:
    """The frame around a page; each part is worked out when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def city(self) -> City | None:
        """Return the city's row, None before it was made."""
        return city()

    @cached_property
    def place(self) -> Place:
        """Return the place; an error page about a bad address still shows the default one."""
        try:
            return place_of(self._request)
        except BadAddress:
            return default_place(self._request)

    @cached_property
    def regions(self) -> list[RegionChoice]:
        """Return the regions to switch between."""
        return region_choices(scope_of(self._request))

    @cached_property
    def region_name(self) -> str:
        """Return the name of the region shown."""
        names = {choice.code: choice.name for choice in self.regions}
        code = self.place.region
        return names.get(code) or (region_name(code) if code else "")

    @property
    def periods(self) -> list[tuple[str, str]]:
        """Return the periods to choose from."""
        return [(code, str(label)) for code, label in PERIODS.items()]

    @cached_property
    def navigation(self) -> list[dict[str, object]]:
        """Return the places the person may enter."""
        return entries_for(self._request)

    @property
    def demo(self) -> bool:
        """Tell whether the records are generated ones."""
        return bool(self.city and self.city.demo)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Add the frame to every template; nothing is looked up until it is shown."""
    return {"shell": Shell(request)} if hasattr(request, "user") else {}
