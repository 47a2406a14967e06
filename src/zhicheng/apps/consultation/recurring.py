"""Sets earlier items beside a new one that resembles them; a person says whether it is the same problem."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.consultation.models import Item, ItemSpeaker, Recurrence
from zhicheng.apps.consultation.states import ItemState
from zhicheng.catalogue.concept_loader import load_concepts
from zhicheng.engines.resemblance import nearest
from zhicheng.kernel.refusals import NotFound, Refusal

# The latest items of the region are compared; older ones are found by search.
COMPARED_WITH = 2_000


def words_of(row: Item) -> str:
    """Return the text by which an item is compared."""
    return f"{row.title}。{row.text}"


def propose_recurrences(row: Item) -> list[Recurrence]:
    """Look for earlier items of other sessions that a new one resembles, inside the caller's transaction."""
    earlier = {
        one.pk: words_of(one)
        for one in Item.objects.filter(session__region_code=row.session.region_code)
        .exclude(session=row.session)
        .exclude(state=ItemState.MERGED)
        .only("pk", "title", "text")
        .order_by("-pk")[:COMPARED_WITH]
    }
    voices = row.raised_by.exclude(speaker__organisation=None).values("speaker__organisation")
    own = ItemSpeaker.objects.filter(item__in=list(earlier), speaker__organisation__in=voices)
    same_voice = set(own.values_list("item", flat=True))
    found = nearest(words_of(row), earlier, concepts=load_concepts(), same_voice=same_voice)
    return [
        Recurrence.objects.get_or_create(
            item=row, earlier_id=match.key, defaults={"score": round(match.score * 100)}
        )[0]
        for match in found
    ]


@transaction.atomic
def decide_recurrence(*, proposal: int, same: bool, on: date, by: User) -> Recurrence:
    """Say whether a new item is an earlier problem come back.

    Raises:
        NotFound: there is no such proposal.
    """
    row = (
        Recurrence.objects.select_for_update(of=("self",))
        .select_related("item__session")
        .filter(pk=proposal)
        .first()
    )
    if row is None:
        raise NotFound(f"没有复发提示 {proposal}。", fix="请从事项页进入。")
    require(by, "consultation.feedback", region=row.item.session.region_code)
    row.decision = Recurrence.Decision.LINKED if same else Recurrence.Decision.DIFFERENT
    row.decided_by, row.decided_on = by, on
    row.save(update_fields=["decision", "decided_by", "decided_on"])
    record_event(
        by=by, action="consultation.decide_recurrence", subject=f"item:{row.item.number}",
        after={"earlier": row.earlier_id, "decision": row.decision},
    )  # fmt: skip
    return row


@transaction.atomic
def link_recurrence(*, item: str, earlier: str, on: date, by: User) -> Recurrence:
    """Link an item to an earlier one that the engine did not propose.

    Raises:
        NotFound: one of them does not exist in the region.
        Refusal: the earlier one was not raised earlier.
    """
    rows = {
        one.number: one for one in Item.objects.select_related("session").filter(number__in=(item, earlier))
    }
    new, old = rows.get(item), rows.get(earlier)
    if new is None or old is None:
        raise NotFound(f"没有编号 {earlier if new else item} 的事项。", fix="请核对编号。")
    for one in (new, old):
        require(by, "consultation.feedback", region=one.session.region_code)
    if old.raised_on > new.raised_on or old.pk == new.pk:
        raise Refusal(f"{earlier} 不早于 {item}。", fix="请选择以前提出的事项。")
    row, _ = Recurrence.objects.get_or_create(item=new, earlier=old, defaults={"score": 0})
    return decide_recurrence(proposal=row.pk, same=True, on=on, by=by)
