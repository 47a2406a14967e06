"""Keeps and forgets the views of lists that a person saves under a name."""

from __future__ import annotations

from django.db import transaction

from zhicheng.apps.accounts.public import User, record_event, require
from zhicheng.apps.records.models import SavedView
from zhicheng.kernel.refusals import Refusal


@transaction.atomic
def keep_view(*, type_id: str, name: str, query: str, by: User) -> SavedView:
    """Keep the filters and columns of a list under a name; the same name again replaces them."""
    require(by, "records.view")
    if not name.strip():
        raise Refusal("视图没有名称。", fix="请为这组筛选取个名字。")
    view, _made = SavedView.objects.update_or_create(
        user=by, type=type_id, name=name.strip()[:60], defaults={"query": query[:1000]}
    )
    record_event(by=by, action="records.keep_view", subject=f"view:{view.pk}", after={"query": query})
    return view


@transaction.atomic
def drop_view(*, view: int, by: User) -> None:
    """Forget one of a person's own views."""
    gone, _ = SavedView.objects.filter(pk=view, user=by).delete()
    if gone:
        record_event(by=by, action="records.drop_view", subject=f"view:{view}")
