"""A revoked award in the published counts: computed anew it is left out, and what was signed stays until it is corrected."""

from __future__ import annotations

from datetime import date

import pytest

from zhicheng.apps.accounts.public import set_city
from zhicheng.apps.figures import actions as figures
from zhicheng.apps.figures.queries import compute
from zhicheng.apps.incentives.models import Candidate
from zhicheng.apps.incentives.rounds import awarding
from zhicheng.apps.incentives.testing.rounds import AFTER, NOTICED
from zhicheng.apps.ledger.models import LedgerRegion
from zhicheng.apps.records.public import ChangeSet
from zhicheng.apps.records.public import approve as approve_change

COUNT, CITY = "mayor_quality_awards", "370700"
BEFORE, REVOKED, LATER = date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2)


def counted(on):
    return compute([COUNT], region=CITY, as_of=on)[0].text


def test_a_revocation_changes_the_counts_and_no_figure_that_was_signed(town, scored):
    for code, name, level in (
        ("370000", "演示省", "province"),
        (CITY, "演示市", "city"),
        ("370783", "演示县", "county"),
    ):
        LedgerRegion.objects.get_or_create(code=code, defaults={"name": name, "level": level})
    noticed = awarding.publish_round(award_round=scored, on=NOTICED, by=town.reviewer)
    row = awarding.grant(award_round=noticed, on=AFTER, document="演示公布文件", by=town.reviewer)
    approve_change(change_set=ChangeSet.objects.get(key=row.change_set), by=town.officer)
    set_city(region_code=CITY, name="演示市", opens_on=LATER, demo=True)
    assert counted(LATER) == "1"
    prepared = figures.prepare(indicator=COUNT, region=CITY, as_of=LATER, period="ytd", by=town.officer)
    signed = figures.sign(figure=prepared, by=town.reviewer)
    winner = Candidate.objects.get(name="乙公司")
    winner.award_round = row
    change = awarding.revoke(candidate=winner, on=REVOKED, why="弄虚作假", by=town.reviewer)
    assert counted(LATER) == "1"
    approve_change(change_set=change, by=town.officer)
    assert counted(LATER) == "0"
    # as of a day before the revocation it stood, and still does
    assert counted(BEFORE) == "1"
    signed.refresh_from_db()
    assert signed.value == "1"
    signed.value = "0"
    with pytest.raises(ValueError, match="never changes"):
        signed.save()
