"""Two people at once: one wins, the other is told; on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from zhicheng.apps.consultation import actions
from zhicheng.apps.consultation.models import Item, Judgement, Package, Transfer
from zhicheng.kernel.refusals import Refusal

from .conftest import day

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_once(transactional_db, tmp_path):
    """Run works at the same moment; SQLite's test database lives in memory, so the threads get a copy in a file."""
    path = tmp_path / "copy.sqlite3"

    def open_own() -> None:
        if connection.vendor == "sqlite":
            own = connections.create_connection("default")
            own.settings_dict = {**own.settings_dict, "NAME": str(path)}
            own.settings_dict["OPTIONS"] = {"timeout": 30, "transaction_mode": "IMMEDIATE"}
            connections["default"] = own

    def run(*works: Callable[[], Any]) -> list[Any]:
        if connection.vendor == "sqlite" and not path.exists():
            with sqlite3.connect(path) as target:
                connection.connection.backup(target)
        gate = Barrier(len(works))

        def one(work: Callable[[], Any]) -> Any:
            open_own()
            try:
                gate.wait(20)
                answer = work()
            except Refusal as refusal:
                return refusal.code
            finally:
                connections.close_all()
            return answer if isinstance(answer, (tuple, list, int, str)) else "done"

        with ThreadPoolExecutor(len(works)) as pool:
            found = list(pool.map(one, works))
        return sorted(found) if len(works) > 1 else found

    return run


def test_of_two_who_park_an_item_one_is_told_that_it_is_parked(road, at_once):
    item = road.in_hand()
    works = [
        lambda why=why: actions.park(item=item.number, why=why, on=day(50), by=road.offices.supervision)
        for why in ("甲", "乙")
    ]
    assert at_once(*works) == ["conflict", "done"]
    assert at_once(lambda: item.events.filter(step="park").count()) == [1]


def test_the_last_two_verdicts_given_at_once_move_the_item_once(road, at_once):
    item = road.checked()
    works = [
        lambda one=one: actions.judge(speaker=one, item=item.number, value="satisfied", on=day(40))
        for one in road.speakers
    ]
    assert at_once(*works) == ["done", "done"]
    assert at_once(lambda: Item.objects.get(pk=item.pk).state) == ["judged"]
    assert at_once(lambda: item.events.filter(step="judge").count()) == [1]


def test_one_verdict_pressed_twice_at_once_counts_once(road, at_once):
    item = road.checked()
    work = lambda: actions.judge(speaker=road.speakers[0], item=item.number, value="fair", on=day(40))  # noqa: E731
    assert at_once(work, work) == ["done", "done"]
    assert at_once(lambda: Judgement.objects.filter(item=item).count()) == [1]


def test_a_list_submitted_by_two_at_once_is_frozen_once(road, at_once):
    road.settle()
    work = lambda: actions.submit_list(session=road.session, kind="problem", on=day(2), by=road.offices.cppcc)  # noqa: E731
    assert at_once(work, work) == ["done", "refused"]
    assert at_once(Package.objects.count) == [1]


def test_two_passages_taken_up_at_once_get_two_numbers(road, at_once):
    works = [
        lambda words=words: road.take(words)
        for words in ("出口商标在境外被人抢先注册", "希望增加一台新材料检验设备")
    ]
    assert at_once(*works) == ["done", "done"]
    numbers = at_once(lambda: sorted(Item.objects.values_list("number", flat=True)))
    assert numbers == [["370700-2025-01-001", "370700-2025-01-002"]]


def test_a_transfer_accepted_while_the_unit_answers_leaves_one_of_both(road, at_once):
    group = actions.form_group(code="two", name="两地", regions=["370700", "500100"], by=road.offices.cppcc)
    road.session.group = group
    road.session.save()
    item = road.in_hand()
    offer = actions.propose_transfer(
        item=item.number, to_region="500100", why="注册地", on=day(10), by=road.offices.supervision
    )
    result = at_once(
        lambda: actions.answer(
            item=item.number, text="办好", signed_by="局长", on=day(12), by=road.offices.unit
        ),
        lambda: actions.decide_transfer(
            transfer=offer.pk, accept=True, answer="", on=day(12), by=road.offices.far_supervision
        ),
    )
    assert result == ["conflict", "done"]
    offered = at_once(lambda: Transfer.objects.get().decision)[0]
    stands = at_once(lambda: Item.objects.values_list("state", "region_code").get(pk=item.pk))[0]
    assert stands == (("instructed", "500100") if offered == "accepted" else ("answered", "370700"))
