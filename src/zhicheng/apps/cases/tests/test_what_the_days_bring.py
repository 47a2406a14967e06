"""Ticks, reminders, escalation, a holiday notice, version moves, webhooks, tracing: each again changes nothing."""

from __future__ import annotations

import http.server
import json
import threading
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest
from django.core import mail
from django.db.models import Q

from zhicheng.apps.cases import hooks, moving, recomputing, telling, ticking, tracing
from zhicheng.apps.cases.actions import act
from zhicheng.apps.cases.models import Delivery, LimitStanding, Notice, OutboxMail
from zhicheng.apps.cases.overlay_for_tests import second_version
from zhicheng.apps.cases.testing import filed
from zhicheng.catalogue.matter_loader import forget_matters
from zhicheng.kernel.refusals import Conflict, NotFound

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 21, 1, tzinfo=UTC)
ACCEPT = {"known_within_three_years": "true", "panel_size": "three"}


def test_a_tick_reminds_once_escalates_once_and_again_changes_nothing(office):
    case = filed(office).case
    first = ticking.tick(on=date(2026, 7, 17), now=NOW, send=False)
    assert (first.reminders, first.escalations) == (1, 1)
    assert Notice.objects.filter(person=office.officer, text__contains="已超期").count() == 1
    again = ticking.tick(on=date(2026, 7, 17), now=NOW, send=False)
    assert (again.reminders, again.escalations, again.digests) == (0, 0, 0)
    assert case.reminders.count() == 2


def test_a_limit_that_ran_out_takes_the_action_the_law_attaches_to_it(office):
    case = filed(office).case
    act(case=case.pk, action="accept", by=office.head, on=date(2026, 7, 16), values=ACCEPT)
    act(
        case=case.pk,
        action="serve",
        by=office.officer,
        on=date(2026, 7, 20),
        values={"served_on": "2026-07-20"},
    )
    assert ticking.tick(on=date(2026, 8, 4), now=NOW, send=False).automatic == 0
    assert ticking.tick(on=date(2026, 8, 5), now=NOW, send=False).automatic == 1
    case.refresh_from_db()
    assert case.stage == "examining"
    assert case.events.get(action="no_answer").by is None


def test_one_mail_a_day_with_everything_unread(office):
    office.officer.email = "officer@example.org"
    office.officer.save()
    case = filed(office).case
    telling.tell(case, [office.officer], "甲", date(2026, 7, 14))
    telling.tell(case, [office.officer], "乙", date(2026, 7, 14))
    ticking.tick(on=date(2026, 7, 14), now=NOW)
    ticking.tick(on=date(2026, 7, 14), now=NOW)
    to_officer = [one for one in mail.outbox if one.to == ["officer@example.org"]]
    assert len(to_officer) == 1
    assert "甲" in to_officer[0].body
    assert "乙" in to_officer[0].body
    assert OutboxMail.objects.filter(sent_at=None).count() == 0


NOTICE = "date,kind,name\n" + "\n".join(
    [f"2027-01-0{day},rest,元旦" for day in (1, 2, 3)] + [f"2027-10-0{day},rest,国庆节" for day in range(1, 8)]
    + [f"2027-02-{day:02d},rest,春节" for day in range(5, 13)]
)  # fmt: skip


def test_a_year_without_a_notice_is_provisional_and_settled_by_loading_it(office, tmp_path):
    case = filed(office, on=date(2026, 12, 29)).case
    standing = case.limits.get(limit="filing")
    assert (standing.provisional, standing.due_on) == (True, date(2027, 1, 6))
    path = tmp_path / "2027.csv"
    path.write_text(NOTICE.replace("2027-01-03,rest,元旦", "2027-01-04,rest,元旦"), encoding="utf-8")
    days, found = recomputing.load_notice(path=path, by=office.officer)
    assert days == 18
    assert (found.limits, found.changed, found.settled) == (1, 1, 1)
    standing.refresh_from_db()
    assert (standing.provisional, standing.due_on) == (False, date(2027, 1, 7))
    case.refresh_from_db()
    assert not case.provisional


def test_running_cases_move_to_a_new_version_and_back(office, overlay):
    case = filed(office).case
    overlay()
    planned = moving.plan(matter="admin_adjudication", to_version=2, by=office.head, on=date(2026, 7, 14))
    assert [(one.problems, one.limits[0][1:]) for one in planned] == [
        ((), (date(2026, 7, 20), date(2026, 7, 22)))
    ]
    batch, count = moving.move(
        matter="admin_adjudication", to_version=2, by=office.head, why="新规定", on=date(2026, 7, 14)
    )
    assert count == 1
    assert case.limits.get(limit="filing").due_on == date(2026, 7, 22)
    moving.undo(batch=str(batch), by=office.head, why="有误", on=date(2026, 7, 14))
    case.refresh_from_db()
    assert (case.version, case.limits.get(limit="filing").due_on) == (1, date(2026, 7, 20))


def test_a_move_is_not_taken_back_once_somebody_acted(office, overlay):
    case = filed(office).case
    overlay()
    batch, _ = moving.move(
        matter="admin_adjudication", to_version=2, by=office.head, why="新", on=date(2026, 7, 14)
    )
    act(
        case=case.pk,
        action="ask_correction",
        by=office.officer,
        on=date(2026, 7, 14),
        values={"missing": "x"},
    )
    with pytest.raises(Conflict):
        moving.undo(batch=str(batch), by=office.head, why="有误", on=date(2026, 7, 15))


def test_work_follows_a_running_case_into_a_renamed_stage_on_through_it_and_back(office, overlay):
    moved, undone = filed(office).case, filed(office).case
    overlay(received="arrived")

    def open_work(case):
        case.refresh_from_db()
        assert case.visits.get(left_on=None).stage == case.stage
        return [(one.stage, one.role) for one in case.tasks.filter(kind="stage", done_on=None)]

    batch, count = moving.move(
        matter="admin_adjudication", to_version=2, by=office.head, why="新规定", stages={"received": "arrived"},
        on=date(2026, 7, 14),
    )  # fmt: skip
    assert count == 2
    assert open_work(moved) == open_work(undone) == [("arrived", "handler")]
    assert moved.tasks.get(stage="received", role="handler").done_on == date(2026, 7, 14)
    moving.undo(batch=str(batch), by=office.head, why="有误", on=date(2026, 7, 15))
    assert open_work(moved) == open_work(undone) == [("received", "handler")]
    assert (moved.version, moved.stage) == (1, "received")
    moving.move(
        matter="admin_adjudication", to_version=2, by=office.head, why="新规定", stages={"received": "arrived"},
        on=date(2026, 7, 15),
    )  # fmt: skip
    act(case=moved.pk, action="accept", by=office.head, on=date(2026, 7, 16), values=ACCEPT)
    assert open_work(moved) == [(moved.stage, "handler")]
    assert moved.stage not in ("received", "arrived")
    assert moved.accepted_on == date(2026, 7, 16)


@pytest.fixture
def overlay(monkeypatch, tmp_path):
    def lay(**renamed):
        monkeypatch.setenv("ZHICHENG_CATALOGUE", str(second_version(tmp_path / "city", **renamed)))
        forget_matters()

    yield lay
    monkeypatch.undo()
    forget_matters()


class Taker(http.server.BaseHTTPRequestHandler):
    got: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    status = 204

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((dict(self.headers), body))
        self.send_response(type(self).status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def taker():
    Taker.got, Taker.status = [], 204
    server = http.server.HTTPServer(("127.0.0.1", 0), Taker)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/events"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/x", "https://localhost/x", "https://10.1.2.3/x", "https://192.168.1.1/x", "https://169.254.169.254/x",
     "https://[::1]/x", "https://[::ffff:127.0.0.1]/x", "http://8.8.8.8/x", "https://0.0.0.0/x", "ftp://8.8.8.8/x",
     "https://user:pw@8.8.8.8/x"],
)  # fmt: skip
def test_no_message_goes_into_the_own_network(office, url):
    with pytest.raises(hooks.AddressRefused):
        hooks.add_endpoint(url=url, events="", by=office.officer)


def test_an_event_is_signed_delivered_and_tried_again_with_growing_pauses(office, settings, taker):
    settings.ZHICHENG_HOOKS_PRIVATE = True
    _row, secret = hooks.add_endpoint(url=taker, events="case.file", by=office.officer)
    Taker.status = 500
    filed(office)
    waiting = Delivery.objects.get()
    now = waiting.next_at + timedelta(seconds=1)
    assert hooks.deliver(now) == (0, 1)
    assert hooks.deliver(now) == (0, 0)
    waiting.refresh_from_db()
    assert waiting.next_at - now == timedelta(minutes=10)
    Taker.status = 204
    assert hooks.deliver(waiting.next_at) == (1, 0)
    headers, body = Taker.got[-1]
    assert (
        headers["Zhicheng-Signature"]
        == f"sha256={hooks.signature(secret, headers['Zhicheng-Timestamp'], body)}"
    )
    assert json.loads(body)["event"] == "case.file"


def test_an_endpoint_that_moved_into_the_own_network_gets_nothing(office, settings, taker):
    settings.ZHICHENG_HOOKS_PRIVATE = True
    hooks.add_endpoint(url=taker, events="", by=office.officer)
    filed(office)
    settings.ZHICHENG_HOOKS_PRIVATE = False
    done, failed = hooks.deliver(datetime(2100, 1, 1, tzinfo=UTC))
    assert done == 0
    assert failed > 0
    assert Taker.got == []


def test_number_and_code_open_the_state_and_guessing_is_slowed_down(office):
    receipt = filed(office)
    found = tracing.trace(number=receipt.case.number, code=receipt.code.lower(), address="1.2.3.4")
    assert (found.stage, found.due_on) == ("立案审查", date(2026, 7, 16))
    for _ in range(tracing.MOST_PER_NUMBER):
        with pytest.raises(NotFound):
            tracing.trace(number=receipt.case.number, code="AAAAAAAA", address="1.2.3.4")
    with pytest.raises(tracing.TooManyTries):
        tracing.trace(number=receipt.case.number, code=receipt.code, address="1.2.3.4")


def test_a_new_code_closes_the_old_one(office):
    receipt = filed(office)
    fresh = tracing.new_trace_code(case=receipt.case.pk, by=office.enterprise, on=date(2026, 7, 14))
    with pytest.raises(NotFound):
        tracing.trace(number=receipt.case.number, code=receipt.code, address="1.2.3.4")
    assert (
        tracing.trace(number=receipt.case.number, code=fresh, address="1.2.3.4").number == receipt.case.number
    )


def test_nobody_can_edit_a_due_day_it_is_computed_from_clock_events_alone(office):
    case = filed(office).case
    LimitStanding.objects.filter(case=case).update(due_on=date(2030, 1, 1))
    found = recomputing.recompute(every=True, by=office.officer)
    assert found.changed == 1
    assert not LimitStanding.objects.filter(Q(due_on=date(2030, 1, 1))).exists()
