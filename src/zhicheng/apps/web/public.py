"""The door of the shell: where a page looks, and how numbers and regions are written."""

from zhicheng.apps.web.cards import Card, Line, Step, cards
from zhicheng.apps.web.choices import offer
from zhicheng.apps.web.files import BOM, csv_line
from zhicheng.apps.web.navigation import answered_by, exists
from zhicheng.apps.web.paging import Page, count_words, page_of
from zhicheng.apps.web.place import PERIODS, Place, place_of
from zhicheng.apps.web.regions import RegionChoice, region_choices, region_name, short_region_name
from zhicheng.apps.web.sections import Section, Sections
from zhicheng.apps.web.writing import amount, grouped, money_sizes, said
from zhicheng.catalogue.maps import tile_layout as layout_of

__all__ = [
    "BOM",
    "PERIODS",
    "Card",
    "Line",
    "Page",
    "Place",
    "RegionChoice",
    "Section",
    "Sections",
    "Step",
    "amount",
    "answered_by",
    "cards",
    "count_words",
    "csv_line",
    "exists",
    "grouped",
    "layout_of",
    "money_sizes",
    "offer",
    "page_of",
    "place_of",
    "region_choices",
    "region_name",
    "said",
    "short_region_name",
]
