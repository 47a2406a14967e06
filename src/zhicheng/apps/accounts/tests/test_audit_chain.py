"""The audit trail is whole, and says where it is not."""

import pytest
from django.db import DatabaseError, connection, transaction

from zhicheng.apps.accounts.audit_event import AppendOnlyError, AuditEvent
from zhicheng.apps.accounts.audit_triggers import create_sql, drop_sql
from zhicheng.apps.accounts.public import record_event, verify_chain

pytestmark = pytest.mark.django_db


@transaction.atomic
def three_events(user=None):
    return [
        record_event(by=user, action="records.approve", subject=f"change_set:{n}", after={"new": n})
        for n in range(3)
    ]


def tamper(statement, *values):
    with connection.cursor() as cursor:
        for drop in drop_sql(connection.vendor):
            cursor.execute(drop)
        cursor.execute(statement, values)


def test_an_untouched_trail_verifies_and_names_its_head(cast):
    events = three_events(cast.city_officer)
    verdict = verify_chain()
    assert verdict.ok
    assert verdict.checked == events[-1].number
    assert verdict.head == f"{events[-1].number}:{events[-1].hash}"


def test_a_changed_line_is_found_by_its_number(cast):
    events = three_events(cast.city_officer)
    tamper("UPDATE accounts_auditevent SET why = 'nothing' WHERE number = %s", events[1].number)
    verdict = verify_chain()
    assert not verdict.ok
    assert verdict.broken_at == events[1].number
    assert "改动" in verdict.why


def test_a_line_taken_out_is_found():
    events = three_events()
    tamper("DELETE FROM accounts_auditevent WHERE number = %s", events[1].number)
    verdict = verify_chain()
    assert verdict.broken_at == events[2].number
    assert "缺少" in verdict.why


def test_a_tail_cut_off_is_found_with_the_head_noted_before():
    three_events()
    head = verify_chain().head
    tamper("DELETE FROM accounts_auditevent WHERE number = %s", int(head.split(":")[0]))
    assert verify_chain().ok
    assert not verify_chain(expected_head=head).ok


@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_auditevent SET why = 'x'", "DELETE FROM accounts_auditevent"]
)
def test_the_database_itself_refuses_to_change_or_delete_a_line(statement):
    three_events()
    with connection.cursor() as cursor:
        for sql in drop_sql(connection.vendor) + create_sql(connection.vendor):
            cursor.execute(sql)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_model_refuses_to_change_or_delete_a_line():
    event = three_events()[0]
    event.why = "x"
    with pytest.raises(AppendOnlyError):
        event.save()
    with pytest.raises(AppendOnlyError):
        event.delete()
    with pytest.raises(AppendOnlyError):
        AuditEvent.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_a_bug():
    with pytest.raises(RuntimeError):
        record_event(by=None, action="a.b", subject="c:d")
