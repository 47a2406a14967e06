"""What each room adds to the demo city once its ledger stands: played through the room's own actions."""

from __future__ import annotations

from collections.abc import Callable

from zhicheng.apps.accounts.public import User

# What the terminal says while a room plays, and the room's own function: it takes the demo cast by short name
# (`officer`, `cppcc`, …), marks what it makes as synthetic, and does nothing where its play already stands.
ROOMS: tuple[tuple[str, Callable[[dict[str, User]], None]], ...] = ()
