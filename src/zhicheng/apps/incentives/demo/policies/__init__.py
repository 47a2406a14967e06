"""Documents of the demo city that are applied for; they lie in its own catalogue, not in the one that is delivered."""

from __future__ import annotations

import shutil
from pathlib import Path

POLICY = "demo_finance"
HERE = Path(__file__).parent


def install(home: Path) -> Path:
    """Put the demonstration documents into a city's own catalogue; each says that it is one."""
    folder = Path(home) / "catalogue" / "policies"
    folder.mkdir(parents=True, exist_ok=True)
    for one in sorted(HERE.glob("*.yaml")):
        shutil.copyfile(one, folder / one.name)
    return folder
