"""The border that import-linter has no word for: a room is entered only through its public.py."""

from __future__ import annotations

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

ROOMS = "zhicheng.apps."
# tests look behind doors, and migrations keep what they once imported
FREE = (".tests", ".testing", ".migrations")


class ThroughTheDoor(Contract):  # type: ignore[misc]
    """No module of one room imports another room otherwise than through its door."""

    open_modules = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every import between two rooms; tests may look behind doors."""
        broken = sorted(
            (importer, imported)
            for importer in graph.modules
            if importer.startswith(ROOMS) and not any(one in importer for one in FREE)
            for imported in graph.find_modules_directly_imported_by(importer)
            if self._breaks(importer, imported)
        )
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def _breaks(self, importer: str, imported: str) -> bool:
        if not imported.startswith(ROOMS) or _room(importer) == _room(imported):
            return False
        inside = imported.removeprefix(f"{ROOMS}{_room(imported)}.")
        return inside != "public" and f"{_room(imported)}.{inside}" not in self.open_modules

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import that goes round a door."""
        pairs: list[Any] = check.metadata["broken"]
        for importer, imported in pairs:
            output.print_error(f"{importer} imports {imported}: enter through {_room(imported)}.public")


def _room(module: str) -> str:
    return module.removeprefix(ROOMS).split(".")[0]
