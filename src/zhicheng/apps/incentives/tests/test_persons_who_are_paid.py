"""Data of persons who are paid: encrypted where it lies, masked where it is shown, opened on record, erased on request."""

from __future__ import annotations

import io
import logging

import pytest
from click.testing import CliRunner
from django.db import connection
from openpyxl import load_workbook

from zhicheng.apps.accounts import encryption
from zhicheng.apps.accounts.public import AuditEvent
from zhicheng.apps.accounts.testing import signed_in
from zhicheng.apps.incentives.firms.claims import AccountGiven
from zhicheng.apps.incentives.models import Confirmation, Entitlement, PayeeAccount
from zhicheng.apps.incentives.payment import paying, person_accounts
from zhicheng.apps.incentives.runs import keeping
from zhicheng.apps.incentives.testing.city import AS_OF
from zhicheng.cli.main import main
from zhicheng.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal

ROOM = "/incentives/"
NAME, NUMBER, ACCOUNT = "YS-RY-0001", "370783199001010029", "6217000012345678"
OTHER = "370783198505051014"
GIVEN = AccountGiven("演示持卡人", "演示银行寿光支行", ACCOUNT, NUMBER)
SECRETS = (NUMBER, ACCOUNT, "演示持卡人", "演示银行寿光支行")


def text(response):
    return response.content.decode()


@pytest.fixture
def payee(city, batch):
    """The person's amount with an account, under the keys of this city alone."""
    encryption.cipher.cache_clear()
    row = batch.entitlements.get(kind="person")
    person_accounts.register(entitlement=row, given=GIVEN, by=city.officer)
    return row


def stored():
    with connection.cursor() as cursor:
        cursor.execute("select holder, bank, account, id_number from incentives_payeeaccount order by id")
        return cursor.fetchall()


def test_no_clear_text_lies_in_the_database(payee):
    (row,) = stored()
    assert all(one.startswith("enc1:") for one in row)
    assert not any(secret in " ".join(row) for secret in SECRETS)


def test_after_a_rotation_old_rows_open_with_the_new_key_alone(payee):
    before, keys = stored(), encryption.read_keys()
    result = CliRunner().invoke(main, ["keys", "rotate", "--drop-old"])
    assert result.exit_code == 0, result.output
    assert encryption.read_keys() != keys
    assert not set(keys) & set(encryption.read_keys())
    assert not {one for row in before for one in row} & {one for row in stored() for one in row}
    kept = PayeeAccount.objects.get()
    assert (kept.holder, kept.bank, kept.account, kept.id_number) == (
        GIVEN.holder,
        GIVEN.bank,
        ACCOUNT,
        NUMBER,
    )


def test_a_value_closed_with_a_key_that_is_gone_says_so(payee):
    encryption.write_keys([encryption.new_key()])
    with pytest.raises(encryption.KeysMissing, match="无法用现有密钥解开"):
        PayeeAccount.objects.get()


PLACES = (
    "batches/{batch}/", "batches/{batch}/?q=" + ACCOUNT, "batches/{batch}/?q=" + NUMBER, "batches/{batch}/rows/{row}/",
    "batches/{batch}/export.csv", "batches/{batch}/orders/", "batches/{batch}/orders/export.csv", "clawbacks/",
    "clawbacks/export.csv", "runs/{run}/", "runs/{run}/export.csv",
)  # fmt: skip


def test_no_page_and_no_file_but_the_bank_s_shows_account_or_number_in_full(city, payee):
    run = keeping.keep_run(as_of=AS_OF, by=city.officer)
    batch = city.approved(payee.batch)
    city.sent(batch)
    browser = signed_in(city.officer)
    for place in PLACES:
        address = ROOM + place.format(batch=batch.number, row=payee.pk, run=run.pk)
        shown = text(browser.get(address)).replace(f'value="{ACCOUNT}"', "").replace(f'value="{NUMBER}"', "")
        shown = shown.replace(f"q={ACCOUNT}", "").replace(f"q={NUMBER}", "")
        assert not [one for one in (NUMBER, ACCOUNT) if one in shown], address
    for address in (f"/api/v1/policies/batches/{batch.number}/entitlements", "/api/v1/policies/clawbacks"):
        assert not [one for one in (NUMBER, ACCOUNT) if one in text(browser.get(address))], address


def test_neither_the_trail_nor_a_log_nor_a_refusal_tells_them(city, payee, caplog):
    caplog.set_level(logging.DEBUG)
    browser = signed_in(city.officer)
    address = f"{ROOM}batches/{payee.batch.number}/rows/{payee.pk}/account/"
    browser.post(address, {"step": "open"})
    bad = browser.post(
        address, {"holder": "某", "bank": "某", "account": ACCOUNT, "id_number": "370783199001010020"}
    )
    assert "370783199001010020" not in text(bad).replace('value="370783199001010020"', "")
    kept = " ".join(f"{one.subject} {one.why} {one.before} {one.after}" for one in AuditEvent.objects.all())
    for secret in (*SECRETS, "370783199001010020"):
        assert secret not in kept
        assert secret not in caplog.text


def test_whoever_pays_opens_an_account_in_full_and_each_time_is_recorded(city, payee):
    browser = signed_in(city.officer)
    page = f"{ROOM}batches/{payee.batch.number}/rows/{payee.pk}/"
    assert "**** 5678" in text(browser.get(page))
    for times in (1, 2):
        answer = browser.post(page + "account/", {"step": "open"})
        assert all(one in text(answer) for one in SECRETS)
        assert "no-store" in answer["Cache-Control"]
        assert AuditEvent.objects.filter(action="policies.open_account").count() == times
    assert ACCOUNT not in text(browser.get(page))


def test_who_does_not_pay_cannot_open_it_and_nothing_is_recorded_as_opened(city, payee, cast):
    for person in (cast.county_officer, cast.department, cast.enterprise, cast.stranger):
        with pytest.raises(NotAllowed):
            person_accounts.opened(entitlement=payee, by=person)
    assert not AuditEvent.objects.filter(action="policies.open_account").exists()


def test_consent_taken_back_erases_account_and_number_and_stops_the_order(city, payee):
    batch = city.approved(payee.batch)
    page = f"{ROOM}batches/{batch.number}/rows/{payee.pk}/account/"
    browser = signed_in(city.officer)
    assert "须写明" in text(browser.post(page, {"step": "withdraw", "why": " "}))
    browser.post(page, {"step": "withdraw", "why": "本人 12 月 20 日来函"})
    account = PayeeAccount.objects.get(identity=payee.identity)
    assert (account.holder, account.bank, account.account, account.id_number) == ("", "", "", "")
    assert all(one == "" for one in stored()[0])
    city.sent(batch)
    assert batch.orders.get(entitlement=payee).status == "ready"
    with pytest.raises(NotFound, match="已撤回"):
        person_accounts.opened(entitlement=payee, by=city.officer)


def test_consent_is_not_taken_back_once_the_bank_has_the_order(city, payee):
    city.sent(city.approved(payee.batch))
    with pytest.raises(Conflict, match="已送银行"):
        person_accounts.withdraw_for(entitlement=payee, why="来电", by=city.officer)


# -- one person under two names ----------------------------------------------------------------------


def second_name(city, number):
    """The same award entered for the same person under another name, in a later batch."""
    first = Entitlement.objects.get(kind="person")
    city.honour(
        None, "china_patent_award/gold", holder_name="YS-RY-0009", holder_kind="person", region_code="370783", object_number="ZL9"
    )  # fmt: skip
    later = city.freeze().entitlements.get(kind="person")
    assert later.matter == first.matter
    return person_accounts.register(
        entitlement=later, given=AccountGiven("另名", "演示银行", "6217000099999999", number), by=city.officer
    )


def test_one_number_is_not_paid_twice_for_one_matter_under_two_names(city, payee):
    with pytest.raises(Conflict, match=r"370\*+29 已用于同一事项"):
        second_name(city, "３７０７８３ 19900101 0029")


def test_two_persons_may_share_a_matter(city, payee):
    assert second_name(city, OTHER).pk
    assert Confirmation.objects.count() == 2


def test_a_number_with_a_wrong_check_character_is_refused_masked(city, batch):
    row = batch.entitlements.get(kind="person")
    with pytest.raises(Refusal, match="校验码不符") as refused:
        person_accounts.register(
            entitlement=row, given=AccountGiven("某", "某", ACCOUNT, "370783199001010020"), by=city.officer
        )
    assert "19900101" not in str(refused.value)


# -- the bank's file ---------------------------------------------------------------------------------


def exported(city, batch, form):
    return paying.export_orders(batch=batch, payer="市", payer_region="370700", form=form, by=city.officer)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_bank_s_file_holds_the_account_as_text_and_no_formula_and_is_recorded(city, batch, form):
    row = batch.entitlements.get(kind="person")
    person_accounts.register(
        entitlement=row, given=AccountGiven("=HYPERLINK(1)", "+演示银行", ACCOUNT, NUMBER), by=city.officer
    )
    batch = city.through_notice(batch)
    from zhicheng.apps.incentives.batches import actions as batch_actions
    from zhicheng.apps.incentives.testing.city import AFTER

    made, content = exported(city, batch_actions.approve(batch=batch, on=AFTER, by=city.reviewer), form)
    if form == "csv":
        cells = content.decode("utf-8-sig").splitlines()[1].split(",")
    else:
        sheet = load_workbook(io.BytesIO(content)).active
        assert all(one.data_type == "s" or not str(one.value).startswith("=") for one in sheet[2])
        cells = [str(one.value) for one in sheet[2]]
    assert not [one for one in cells if one.strip('"').startswith(("=", "+", "-", "@"))]
    assert ACCOUNT in " ".join(cells)
    event = AuditEvent.objects.get(action="policies.export_orders")
    assert event.by_id == city.officer.pk
    assert made.sha256 in str(event.after)


def test_only_whoever_pays_makes_the_bank_s_file(city, payee, cast):
    batch = city.approved(payee.batch)
    for person in (cast.county_officer, cast.department, cast.enterprise, cast.stranger):
        with pytest.raises(NotAllowed):
            paying.export_orders(batch=batch, payer="市", payer_region="370700", form="csv", by=person)
