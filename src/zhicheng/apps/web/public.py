"""The door of the shell: where a page looks, and how numbers and regions are written."""

from zhicheng.apps.web.cards import Card, Line, cards
from zhicheng.apps.web.place import Place, place_of
from zhicheng.apps.web.regions import RegionChoice, region_choices, region_name
from zhicheng.apps.web.writing import amount, grouped

__all__ = [
    "Card",
    "Line",
    "Place",
    "RegionChoice",
    "amount",
    "cards",
    "grouped",
    "place_of",
    "region_choices",
    "region_name",
]
