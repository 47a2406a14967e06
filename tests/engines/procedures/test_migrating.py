"""A running case brought to another version of its matter: previewed, exact, and undone exactly."""

from dataclasses import replace
from datetime import date

import pytest

from zhicheng.catalogue.matter_loader import load_matters, matter_of
from zhicheng.engines.procedures.migrating import MigrationRefused, carried_out, migrate
from zhicheng.engines.procedures.playing import replay
from zhicheng.engines.procedures.running import allowed_actions, apply, begin
from zhicheng.kernel.calendar import Calendar

CALENDAR = Calendar.official()
OLD = matter_of("enquiry", 1)
DAY = date(2026, 3, 2)


def filed():
    state = begin(OLD, received_on=DAY)
    return apply(
        OLD, state, "file", role="applicant", by="a", on=DAY, calendar=CALENDAR, facts={}
    ).state  # fmt: skip


def longer(amount: int):
    limits = tuple(replace(one, amount=amount, promised=None) for one in OLD.limits)
    return replace(OLD, version=2, limits=limits)


def test_a_preview_names_every_due_day_that_changes_and_changes_nothing_itself():
    state = filed()
    preview = migrate(OLD, longer(10), state, on=DAY, calendar=CALENDAR)
    assert [(one.limit, one.before, one.after) for one in preview.due] == [
        ("answer", date(2026, 3, 9), date(2026, 3, 16))
    ]
    assert preview.before is state
    assert (state.version, carried_out(preview).version) == (1, 2)
    assert carried_out(preview).clock_events == state.clock_events


def test_a_migration_is_undone_exactly():
    state = filed()
    there = carried_out(migrate(OLD, longer(10), state, on=DAY, calendar=CALENDAR))
    back = carried_out(migrate(longer(10), OLD, there, on=DAY, calendar=CALENDAR))
    assert back == state


def test_a_stage_that_is_gone_needs_a_counterpart():
    stages = tuple(replace(one, id="desk") if one.id == "answering" else one for one in OLD.stages)
    actions = tuple(
        replace(
            one,
            from_stages=tuple("desk" if each == "answering" else each for each in one.from_stages),
            to_stage="desk" if one.to_stage == "answering" else one.to_stage,
        )
        for one in OLD.actions
    )
    new = replace(OLD, version=2, stages=stages, actions=actions)
    state = filed()
    refused = migrate(OLD, new, state, on=DAY, calendar=CALENDAR)
    assert "没有环节" in refused.problems[0]
    with pytest.raises(MigrationRefused, match="待答复"):
        carried_out(refused)
    moved = carried_out(migrate(OLD, new, state, on=DAY, calendar=CALENDAR, stages={"answering": "desk"}))
    assert moved.stage == "desk"
    assert [one.stage for one in moved.visits if one.left_on is None] == ["desk"]
    offers = allowed_actions(new, moved, ["handler"], {}, DAY)
    assert "answer" in [one.action.id for one in offers]


def test_a_limit_that_runs_must_exist_in_the_other_version():
    preview = migrate(OLD, replace(OLD, version=2, limits=()), filed(), on=DAY, calendar=CALENDAR)
    assert not preview.possible
    assert "没有正在计算的时限" in preview.problems[0]


@pytest.mark.parametrize("matter", load_matters(), ids=lambda one: one.code)
def test_every_example_may_change_version_after_each_step_and_still_ends_as_stated(matter):
    new = replace(matter, version=matter.version + 1)
    for example in matter.examples:
        final = replay(matter, example, CALENDAR, versions=(matter, new))
        assert final.outcome == example.outcome
