"""What this room adds to the demo city: the figures of the press conference signed by two people, its bulletin published."""

from __future__ import annotations

from collections.abc import Mapping

from zhicheng.apps.accounts.public import User, city, opening_date
from zhicheng.apps.intelligence import bulletin_actions
from zhicheng.apps.intelligence.bulletin_building import draft
from zhicheng.apps.intelligence.bulletin_models import Bulletin
from zhicheng.apps.intelligence.bulletin_signing import ask, lacking, sign_waiting
from zhicheng.catalogue.bulletin_loader import load_bulletins

TEMPLATE = "press_conference"
IN_WORK = "quarterly_report"


def play_bulletins(cast: Mapping[str, User]) -> None:
    """Sign the figures of the press conference and publish its bulletin; what stands already stays.

    A city whose ledger lacks some of the figures keeps the bulletin as a draft that says which.
    """
    here = city()
    if here is None or Bulletin.objects.filter(template_id=TEMPLATE, synthetic=True).exists():
        return
    officer, reviewer = cast["officer"], cast["reviewer"]
    day = opening_date()
    text = load_bulletins()[TEMPLATE].text
    found = draft(text, region=here.region_code, as_of=day)
    keys = lacking(found, "unsigned", "prepared")
    ask(keys, by=officer)
    sign_waiting(keys, by=reviewer)
    row = bulletin_actions.begin(template=TEMPLATE, region=here.region_code, as_of=day, by=officer)
    if not draft(text, region=here.region_code, as_of=day).problems:
        bulletin_actions.submit(bulletin=row.pk, by=officer)
        bulletin_actions.approve(bulletin=row.pk, by=reviewer)
        bulletin_actions.publish(bulletin=row.pk, by=reviewer)
    # a draft whose figures are not all signed, to show what the editor says of that
    bulletin_actions.begin(template=IN_WORK, region=here.region_code, as_of=day, by=officer)
