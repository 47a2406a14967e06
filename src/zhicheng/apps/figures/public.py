"""The door of the room: compute figures, open them to rows, and read what was signed."""

from zhicheng.apps.figures.access import require_figures, require_rows, sees_figures, sees_rows
from zhicheng.apps.figures.actions import prepare as prepare_figure
from zhicheng.apps.figures.actions import sign as sign_figure
from zhicheng.apps.figures.boards import board, notices, published_figures, published_tiles
from zhicheng.apps.figures.lineage import rows, statement
from zhicheng.apps.figures.models import QuotedRank, SignedFigure, Target
from zhicheng.apps.figures.queries import Figure, catalogue, children_of, compute, trend
from zhicheng.apps.figures.sections import sections
from zhicheng.apps.figures.snapshots import Snapshot, current_snapshot, warm

__all__ = [
    "Figure",
    "QuotedRank",
    "SignedFigure",
    "Snapshot",
    "Target",
    "board",
    "catalogue",
    "children_of",
    "compute",
    "current_snapshot",
    "notices",
    "prepare_figure",
    "published_figures",
    "published_tiles",
    "require_figures",
    "require_rows",
    "rows",
    "sections",
    "sees_figures",
    "sees_rows",
    "sign_figure",
    "statement",
    "trend",
    "warm",
]
