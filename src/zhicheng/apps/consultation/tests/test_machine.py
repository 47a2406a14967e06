"""No sequence of allowed actions loses an item or leaves somebody who spoke without an answer."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from zhicheng.apps.consultation import actions
from zhicheng.apps.consultation.models import Item, ItemSpeaker, Letter, Passage
from zhicheng.apps.consultation.spans import pieces
from zhicheng.apps.consultation.states import STEPS
from zhicheng.apps.consultation.supervising import QUESTIONS
from zhicheng.kernel.refusals import Refusal

from .conftest import DAY, Offices

LINES = ("商标被人抢注了", "检验排队太久了", "贷款审批太慢了", "谢谢各位的支持")
PICK = st.integers(0, 11)
FATES = st.sampled_from(["problem", "suggestion", "join", "aside"])


class Loop(RuleBasedStateMachine):
    """Every office does what it likes, in any order; a refusal is an answer, a broken promise is not."""

    offices: Offices
    reached: set[str]

    def __init__(self) -> None:
        super().__init__()
        self.stage = transaction.atomic()
        self.stage.__enter__()
        self.day = DAY

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.stage.__exit__(None, None, None)

    @initialize(begun=st.integers(0, 2))
    def meet(self, begun: int) -> None:
        o = self.offices
        self.session = actions.open_session(
            number="2025-77", topic="议题", held_on=DAY, region_code="370700", by=o.cppcc
        )
        self.speakers = [
            actions.add_participant(session=self.session, kind="entrepreneur", title=title, by=o.cppcc)
            for title in ("甲企业负责人", "乙企业负责人")
        ]
        self.speeches = [
            actions.add_speech(session=self.session, speaker=one, text="\n".join(LINES), by=o.cppcc)
            for one in self.speakers
        ]

        if begun == 0:
            for row in self.speeches:
                for line in (0, 1):
                    self.give_a_fate(self.speeches.index(row), line, "problem", 0)
        if begun == 1:
            self.settle_and_submit()

    def attempt(self, action, **given) -> None:
        try:
            with transaction.atomic():
                action(**given)
        except Refusal:
            pass

    def item(self, pick: int, *steps: str) -> str:
        """An item from which one of the steps may start; now and then any item, to be refused."""
        rows = Item.objects.filter(session=self.session).order_by("pk")
        numbers = list(rows.values_list("number", flat=True))
        sources = {state for step in steps for state in STEPS[step].sources}
        fitting = list(rows.filter(state__in=sources).values_list("number", flat=True))
        chosen = fitting if fitting and pick % 4 else numbers
        # A different one for each pick, so that two picks of one rule seldom mean the same item.
        return chosen[pick % len(chosen)] if chosen else "无"

    @rule(days=st.integers(1, 40))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule(speech=st.integers(0, 1), line=st.integers(0, 3), fate=FATES, pick=PICK)
    def give_a_fate(self, speech: int, line: int, fate: str, pick: int) -> None:
        row = self.speeches[speech]
        start = row.text.index(LINES[line])
        span = {"speech": row, "start": start, "end": start + len(LINES[line]), "by": self.offices.cppcc}
        if fate == "aside":
            self.attempt(actions.set_aside, **span, reason="致谢")
        else:
            joins = self.item(pick) if fate == "join" else ""
            kind = "problem" if fate == "join" else fate
            self.attempt(actions.take_up, **span, kind=kind, title=LINES[line], on=self.day, joins=joins)

    @rule(pick=PICK)
    def take_a_mark_back(self, pick: int) -> None:
        marks = list(
            Passage.objects.filter(speech__session=self.session).order_by("pk").values_list("pk", flat=True)
        )
        if marks:
            self.attempt(actions.release, passage=marks[pick % len(marks)], by=self.offices.cppcc)

    @rule(one=PICK, other=PICK)
    def merge(self, one: int, other: int) -> None:
        self.attempt(actions.merge, item=self.item(one, "merge"), into=self.item(other, "merge"), on=self.day, why="重复", by=self.offices.cppcc)  # fmt: skip

    @rule()
    def settle_and_submit(self) -> None:
        for row in self.speeches:
            for line in pieces(row.text, list(row.passages.all())):
                for piece in line:
                    if piece.open:
                        self.attempt(actions.take_up, speech=row, start=piece.start, end=piece.end, kind="problem",
                                     title=piece.text, on=self.day, by=self.offices.cppcc)  # fmt: skip
        for kind in ("problem", "suggestion"):
            self.attempt(
                actions.submit_list, session=self.session, kind=kind, on=self.day, by=self.offices.cppcc
            )

    @rule(pick=PICK)
    def instruct(self, pick: int) -> None:
        self.attempt(actions.instruct, items=[self.item(pick, "instruct", "instruct_again" if pick > 7 else "instruct")], text="研办", leader="书记", on=self.day, by=self.offices.leader)  # fmt: skip

    @rule(pick=PICK, unit=st.sampled_from(["市市场监管局", "市商务局"]))
    def assign(self, pick: int, unit: str) -> None:
        self.attempt(actions.assign, item=self.item(pick, "assign", "ordinary", "reassign"), lead_unit=unit, why="职责", on=self.day, by=self.offices.supervision)  # fmt: skip

    @rule(pick=PICK, other=st.booleans())
    def answer(self, pick: int, other: bool) -> None:
        by = self.offices.other_unit if other else self.offices.unit
        self.attempt(
            actions.answer,
            item=self.item(pick, "answer"),
            text="办好了",
            signed_by="局长",
            on=self.day,
            by=by,
        )

    @rule(pick=PICK)
    def hand_back(self, pick: int) -> None:
        self.attempt(
            actions.hand_back,
            item=self.item(pick, "answer"),
            why="不归我局",
            on=self.day,
            by=self.offices.unit,
        )

    @rule(pick=PICK)
    def check(self, pick: int) -> None:
        self.attempt(actions.check, item=self.item(pick, "check"), passed=QUESTIONS, text="", on=self.day, by=self.offices.supervision)  # fmt: skip

    @rule(pick=PICK)
    def send_back(self, pick: int) -> None:
        self.attempt(actions.return_answer, item=self.item(pick, "return"), why="没有结论", on=self.day, by=self.offices.supervision)  # fmt: skip

    @rule(pick=PICK)
    def park(self, pick: int) -> None:
        self.attempt(actions.park, item=self.item(pick, "park"), why="待授权", on=self.day, by=self.offices.supervision)  # fmt: skip

    @rule(pick=PICK)
    def close(self, pick: int) -> None:
        self.attempt(actions.close, item=self.item(pick, "close"), on=self.day, by=self.offices.supervision)

    @rule(pick=PICK)
    def decline(self, pick: int) -> None:
        self.attempt(actions.decline, item=self.item(pick, "decline"), why="已有", on=self.day, by=self.offices.cppcc)  # fmt: skip

    @rule(pick=PICK, who=st.integers(0, 1), value=st.sampled_from(["satisfied", "fair", "dissatisfied"]))
    def judge(self, pick: int, who: int, value: str) -> None:
        self.attempt(actions.judge, speaker=self.speakers[who], item=self.item(pick, "judge"), value=value, text="意见", on=self.day)  # fmt: skip

    @rule(pick=PICK, who=st.integers(0, 1))
    def reopen(self, pick: int, who: int) -> None:
        self.attempt(
            actions.reopen,
            item=self.item(pick, "reopen", "resubmit"),
            speaker=self.speakers[who],
            why="新情况",
            on=self.day,
        )

    @rule(pick=PICK)
    def one_goes_the_whole_way(self, pick: int) -> None:
        """Random steps seldom reach the end; this one walks there, so that what follows it is tried too."""
        for step in (self.instruct, self.assign_to_unit, self.answer_by_unit, self.check_it):
            step(pick)
        for who in (0, 1):
            self.judge(pick, who, "satisfied")

    def assign_to_unit(self, pick: int) -> None:
        self.assign(pick, "市市场监管局")

    def answer_by_unit(self, pick: int) -> None:
        self.answer(pick, other=False)

    def check_it(self, pick: int) -> None:
        self.check(pick)

    @invariant()
    def every_word_waits_or_has_a_fate_that_leads_to_an_item(self) -> None:
        for row in Passage.objects.filter(speech__session=self.session).select_related("item", "speech"):
            if row.fate == "set_aside":
                assert row.reason
                continue
            assert row.item is not None
            assert ItemSpeaker.objects.filter(item=row.item, speaker=row.speech.speaker_id).exists()

    @invariant()
    def a_merged_item_ends_in_one_that_goes_on_and_keeps_everybody(self) -> None:
        for row in Item.objects.filter(session=self.session, state="merged"):
            seen, target = {row.pk}, row.merged_into
            while target.state == "merged":
                assert target.pk not in seen
                seen.add(target.pk)
                target = target.merged_into
            mine = set(row.raised_by.values_list("speaker", flat=True))
            assert mine <= set(target.raised_by.values_list("speaker", flat=True))

    @invariant()
    def every_step_was_told_to_everybody_who_raised_the_item(self) -> None:
        for row in Item.objects.filter(session=self.session):
            speakers = set(row.raised_by.values_list("speaker", flat=True))
            for event in row.events.exclude(step__in=("collect", "list", "merge")):
                assert speakers == set(
                    Letter.objects.filter(event=event).values_list("speaker", flat=True)
                ), event.step

    @invariant()
    def what_is_closed_was_answered_checked_and_judged_by_everybody_in_its_round(self) -> None:
        for row in Item.objects.filter(session=self.session, state="closed"):
            speakers = set(row.raised_by.values_list("speaker", flat=True))
            judged = row.judgements.filter(round=row.round)
            assert speakers == set(judged.values_list("speaker", flat=True))
            assert not judged.filter(value="dissatisfied").exists()
            answer = row.reports.filter(kind="answer", round=row.round).last()
            assert answer is not None
            assert answer.signed_by
            assert row.reports.filter(kind="check", round=row.round).exists()

    @invariant()
    def who_has_an_item_in_hand_has_a_day_and_nobody_else_has_a_task(self) -> None:
        for row in Item.objects.filter(session=self.session).prefetch_related("tasks"):
            at_work = [one for one in row.tasks.all() if one.ended_on is None]
            if row.state == "in_hand":
                assert row.due_on
                assert row.lead_unit
            else:
                assert at_work == []

    @invariant()
    def the_story_of_an_item_has_no_gap(self) -> None:
        for row in Item.objects.filter(session=self.session):
            events = list(row.events.order_by("pk"))
            self.reached.update(one.step for one in events)
            assert [one.state_before for one in events[1:]] == [one.state_after for one in events[:-1]]
            assert events[-1].state_after == row.state
            assert all(first.on <= later.on for first, later in pairwise(events))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_sequence_of_allowed_actions_loses_an_item_or_answers_nobody(offices):
    Loop.offices, Loop.reached = offices, set()
    run_state_machine_as_test(
        Loop,
        settings=settings(
            max_examples=16, stateful_step_count=40, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    # What a random walk comes by differs with the machine; that it left the start is the least of it.
    assert {"submit", "instruct", "assign"} <= Loop.reached


def test_a_walk_that_comes_by_every_turn_of_the_road_keeps_every_promise(offices):
    Loop.offices, Loop.reached = offices, set()
    loop = Loop()
    loop.meet(begun=1)
    for pick in (1, 2, 3):
        loop.one_goes_the_whole_way(pick)
        promises_kept(loop)
    for turn in (loop.close, loop.park):
        turn(1)
        promises_kept(loop)
    for pick, who in ((1, 0), (2, 1), (3, 0)):
        loop.reopen(pick, who)
        promises_kept(loop)
    loop.teardown()
    turns = {"submit", "instruct", "assign", "answer", "check", "judge", "close", "park", "reopen"}
    assert turns <= Loop.reached


def promises_kept(loop: Loop) -> None:
    loop.every_word_waits_or_has_a_fate_that_leads_to_an_item()
    loop.a_merged_item_ends_in_one_that_goes_on_and_keeps_everybody()
    loop.every_step_was_told_to_everybody_who_raised_the_item()
    loop.what_is_closed_was_answered_checked_and_judged_by_everybody_in_its_round()
    loop.who_has_an_item_in_hand_has_a_day_and_nobody_else_has_a_task()
    loop.the_story_of_an_item_has_no_gap()
