"""The door of the shell: where a page looks, and how numbers and regions are written."""

from zhicheng.apps.web.place import Place, place_of
from zhicheng.apps.web.regions import RegionChoice, region_choices, region_name
from zhicheng.apps.web.writing import amount, grouped

__all__ = ["Place", "RegionChoice", "amount", "grouped", "place_of", "region_choices", "region_name"]
