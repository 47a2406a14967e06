"""Model-based: whatever is done in whatever order, no case is lost, nobody stays unanswered, no clock goes wrong."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from zhicheng.apps.cases import conversing, linking, recomputing, ticking
from zhicheng.apps.cases.access import first_party, roles_held, visible
from zhicheng.apps.cases.actions import act, offers
from zhicheng.apps.cases.calendars import page_calendar
from zhicheng.apps.cases.definitions import matter_version
from zhicheng.apps.cases.models import Case, Handling, LimitStanding, Notice
from zhicheng.apps.cases.standings import computed
from zhicheng.apps.cases.state_rows import clock_events
from zhicheng.apps.cases.testing_matters import file_any, fill, people_of
from zhicheng.catalogue.matter_loader import load_matters
from zhicheng.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db


PAST = ("served_on", "known_on", "told_on")


def entered(field, day):
    return day.isoformat() if field.id in PAST else fill(field, day)


class Office(RuleBasedStateMachine):
    """People act, days pass, cases are merged and units are asked, in any order."""

    office = None
    matter = None

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.day = date(2026, 3, 2)
        self.cases: list[int] = []
        self.parties: dict[int, set[str]] = {}

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(count=st.integers(1, 3))
    def begin(self, count):
        for _ in range(count):
            self.file()

    def file(self):
        case = file_any(self.office, self.matter, on=self.day, facts=self.matter.examples[0].facts)
        case.parties.filter(role=first_party(self.matter)).update(name=f"演示甲公司之{len(self.cases) + 1}")
        self.cases.append(case.pk)
        self.parties[case.pk] = set(case.parties.values_list("name", flat=True))

    def case(self, place):
        return Handling.objects.get(pk=self.cases[place % len(self.cases)])

    @rule(place=st.integers(0, 5), who=st.integers(0, 20), choice=st.integers(0, 20))
    def somebody_acts(self, place, who, choice):
        people = list(people_of(self.office, self.matter).values())
        row, person = self.case(place), people[who % len(people)]
        if not visible(person, self.day).filter(pk=row.pk).exists():
            return
        matter = matter_version(row.matter, row.version)
        ready = [
            one
            for one in offers(row, matter, roles_held(person, row, matter, self.day), person, self.day)
            if one.ready
        ]
        if not ready:
            return
        action = ready[choice % len(ready)].action
        values = {one.id: entered(one, self.day) for one in action.fields}
        with suppress(Refusal), transaction.atomic():
            act(case=row.pk, action=action.id, by=person, values=values, on=self.day)

    @rule(days=st.integers(1, 40))
    def days_pass(self, days):
        self.day += timedelta(days=days)
        ticking.tick(on=self.day, send=False)

    @rule(place=st.integers(0, 5))
    def a_unit_is_asked_and_answers(self, place):
        row = self.case(place)
        with suppress(Refusal), transaction.atomic():
            tasks = conversing.ask_units(
                case=row.pk,
                units=["市科技局"],
                question="演示",
                due_on=self.day,
                by=self.office.officer,
                on=self.day,
            )
            conversing.answer_task(task=tasks[0].pk, answer="同意", by=self.office.department, on=self.day)

    @rule(one=st.integers(0, 5), other=st.integers(0, 5))
    def two_are_merged(self, one, other):
        first, second = self.case(one), self.case(other)
        try:
            with transaction.atomic():
                linking.merge(case=first.pk, into=second.pk, why="演示", by=self.office.officer, on=self.day)
        except Refusal:
            return
        self.parties[second.pk] |= self.parties[first.pk]

    @rule()
    def another_is_filed(self):
        if len(self.cases) < 5:
            self.file()

    @invariant()
    def no_case_and_no_submitter_is_lost(self):
        for pk in self.cases:
            row = Handling.objects.get(pk=pk)
            assert row.visits.filter(left_on=None).count() == 1
            assert row.visits.get(left_on=None).stage == row.stage
            assert set(row.parties.values_list("name", flat=True)) == self.parties[pk]

    @invariant()
    def the_counted_row_says_the_same(self):
        for row in Handling.objects.filter(pk__in=self.cases):
            counted = Case.objects.get(pk=row.pk)
            assert (counted.accepted_on, counted.closed_on) == (row.accepted_on, row.closed_on)
            assert bool(counted.outcome) == bool(row.outcome)

    @invariant()
    def whoever_filed_a_case_that_ended_was_told_how(self):
        for row in Handling.objects.filter(pk__in=self.cases).exclude(closed_on=None):
            assert row.outcome
            told = Notice.objects.filter(case=row, person=self.office.enterprise, on__gte=row.closed_on)
            assert told.exists() or row.filed_by != self.office.enterprise
            assert row.events.filter(told=True, on__gte=row.closed_on).exists()

    @invariant()
    def due_days_are_what_the_clock_events_say(self):
        for row in Handling.objects.filter(pk__in=self.cases):
            matter = matter_version(row.matter, row.version)
            stored = {one.limit: one for one in row.limits.all()}
            for one in computed(row, matter, clock_events(row), page_calendar()):
                kept = stored[one.limit]
                assert (kept.due_on, kept.promised_due_on, kept.state) == (
                    one.due_on,
                    one.promised_due_on,
                    one.state,
                )

    @invariant()
    def what_ended_runs_no_clock_but_those_after_the_end(self):
        for row in Handling.objects.filter(pk__in=self.cases).exclude(closed_on=None):
            matter = matter_version(row.matter, row.version)
            after = {one.id for one in matter.limits if one.after_end}
            live = set(row.limits.filter(state__in=("running", "stopped")).values_list("limit", flat=True))
            assert live <= after


@pytest.mark.parametrize("matter", load_matters(), ids=lambda one: one.code)
def test_no_sequence_of_allowed_steps_loses_a_case_or_leaves_anybody_unanswered(office, matter):
    machine = type(f"Office_{matter.code}", (Office,), {"office": office, "matter": matter})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=3, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert recomputing.recompute(every=True).changed == 0
    assert LimitStanding.objects.count() == 0
