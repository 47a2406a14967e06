"""The frame's list of places: only rooms that exist and that the person may enter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhicheng.apps.accounts.public import User, may

Person = User | AnonymousUser


@dataclass(frozen=True)
class Entry:
    """A place in the navigation.

    Args:
        label: the word beside the icon. path: its address. icon: name of a Tabler icon.
        permission: who sees it; several joined by `|` mean any of them; empty for everybody.
        group: heading it stands under. bar: stands in the bottom bar of a telephone.
        asks: name of a question its room answers about a person (`answered_by`); the entry stands only where it says yes.
    """

    label: str | Promise
    path: str
    icon: str
    permission: str = ""
    group: str | Promise = ""
    bar: bool = False
    asks: str = ""


CHAIN = _("全链条")
RELEASE = _("发布")
SETTINGS = _("设置")

ENTRIES = (
    Entry(_("首页"), "/", "home", bar=True),
    Entry(_("指标"), "/figures/", "chart-bar", "figures.view|published.view", bar=True),
    Entry(_("台账"), "/records/", "books", "records.view", bar=True),
    Entry(_("办件"), "/cases/", "folders", "cases.view|cases.own", bar=True),
    Entry(_("办事指南"), "/cases/public/", "books", "cases.apply_public"),
    Entry(_("协商"), "/consultation/", "messages", "consultation.view|consultation.own"),
    Entry(
        _("政策兑现"), "/incentives/", "coin-yen", "policies.view|policies.own|policies.score|published.view"
    ),
    Entry(
        _("我的评分"), "/incentives/scoring/", "list-check", "policies.score|policies.vote", asks="scoring"
    ),
    Entry(_("创造"), "/chain/creation/", "bulb", "figures.view|published.view", CHAIN),
    Entry(_("运用"), "/chain/utilization/", "arrows-exchange", "figures.view|published.view", CHAIN),
    Entry(_("保护"), "/chain/protection/", "shield-check", "figures.view|published.view", CHAIN),
    Entry(_("管理"), "/chain/administration/", "building-community", "figures.view|published.view", CHAIN),
    Entry(_("服务"), "/chain/public_service/", "heart-handshake", "figures.view|published.view", CHAIN),
    Entry(_("质量品牌"), "/chain/quality/", "award", "figures.view|published.view", CHAIN),
    Entry(_("通稿"), "/intelligence/bulletins/", "speakerphone", "bulletins.view|published.view", RELEASE),
    Entry(_("情报与对标"), "/intelligence/", "radar", "intelligence.view", RELEASE),
    Entry(_("主体授权"), "/accounts/agents/", "user-check", "agents.decide|agents.request", SETTINGS),
    Entry(_("用户"), "/accounts/users/", "users", "users.view", SETTINGS),
    Entry(_("审计记录"), "/accounts/audit/", "history", "audit.view", SETTINGS),
)


Answer = Callable[[User], bool]
_ANSWERS: dict[str, Answer] = {}


def answered_by(question: str, answer: Answer) -> None:
    """Let a room say to whom an entry of its own is shown; asked once a page, only of those with the permission."""
    _ANSWERS[question] = answer


def entries_for(request: HttpRequest) -> list[dict[str, object]]:
    """Return what the person may enter, with the place they are in marked."""
    user = request.user
    shown = [entry for entry in ENTRIES if _may_enter(user, entry) and exists(entry.path)]
    here = max((entry.path for entry in shown if _within(request.path, entry.path)), key=len, default=None)
    return [{"entry": entry, "current": entry.path == here} for entry in shown]


def exists(path: str) -> bool:
    """Tell whether a room answers at this address."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _may_enter(user: Person, entry: Entry) -> bool:
    if entry.permission and not any(may(user, one) for one in entry.permission.split("|")):
        return False
    if not entry.asks:
        return True
    answer = _ANSWERS.get(entry.asks)
    return answer is not None and isinstance(user, User) and answer(user)


def _within(path: str, entry_path: str) -> bool:
    return path == "/" if entry_path == "/" else path.startswith(entry_path)
