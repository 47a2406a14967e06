"""People named in a text, held against the ledger: candidates with their evidence, linked only when confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from zhicheng.apps.accounts.public import User, may, record_event, require, scope
from zhicheng.apps.intelligence.article_models import Article, PersonLink
from zhicheng.apps.intelligence.reading import keeper_of
from zhicheng.apps.ledger.public import people_named
from zhicheng.kernel.refusals import NotFound, Refusal


@dataclass(frozen=True)
class Candidate:
    """A person of the ledger who may be meant; ``evidence`` says why."""

    number: str
    organisation: str
    title: str
    evidence: str


@dataclass(frozen=True)
class Named:
    """A person as the text names them: titles, date, who may be meant, and what was confirmed."""

    name: str
    roles: tuple[str, ...]
    on: str
    sentence: str
    candidates: tuple[Candidate, ...]
    link: PersonLink | None


def people_of(one: Article, user: Any) -> list[Named]:
    """Return the people of an article; candidates of the ledger only for those who may see personal data."""
    require(user, "intelligence.view")
    found = one.extraction.get("people", [])
    names = {str(person["name"]) for person in found}
    links = {link.name: link for link in one.person_links.select_related("by")}
    rows = people_named(names, within=scope(user).regions_q()) if names and may(user, "personal.view") else []
    said = _confirmed_before(one, names) if rows else {}
    return [
        Named(
            str(person["name"]),
            tuple(f"{role.get('organisation') or ''}{role['title']}" for role in person["roles"]),
            str(person.get("on") or ""),
            str(person.get("sentence") or ""),
            tuple(
                Candidate(number, body, title, _evidence(person, number, body, title, said))
                for number, name, body, title in rows
                if name == person["name"]
            ),
            links.get(str(person["name"])),
        )
        for person in found
    ]


@transaction.atomic
def confirm_person(*, article: int, name: str, number: str, by: User) -> PersonLink:
    """Say who a named person is in the ledger, or that the ledger does not know them; the last word stands.

    Args:
        number: the ledger's number of the person, empty for nobody.

    Raises:
        Refusal: the text names nobody so, or the ledger has no such person of that name.
    """
    require(by, "intelligence.review")
    row = Article.objects.filter(pk=article, region_code=keeper_of(by)).first()
    if row is None:
        raise NotFound("没有这篇文章。", fix="请返回文章列表。")
    if name not in {person["name"] for person in row.extraction.get("people", [])}:
        raise Refusal(f"文中没有读出“{name[:60]}”这个人。", fix="请从文章页的人物列表中选择。")
    known = {found[0] for found in people_named([name], within=scope(by).regions_q())} if number else set()
    if number and number not in known:
        raise Refusal(
            f"台账中没有编号为“{number[:40]}”、姓名为“{name}”的人员。", fix="请从列出的人员中选择。"
        )
    before = PersonLink.objects.filter(article=row, name=name).first()
    if before is not None and before.number == number:
        return before
    link, _ = PersonLink.objects.update_or_create(
        article=row, name=name, defaults={"number": number, "by": by}
    )
    record_event(
        by=by, action="intelligence.confirm_person", subject=f"article:{row.pk}",
        before={"number": before.number} if before else None, after={"name": name, "number": number},
    )  # fmt: skip
    return link


def _confirmed_before(one: Article, names: set[str]) -> dict[tuple[str, str], int]:
    """How often other texts of the collection were confirmed to mean a number by a name."""
    counts: dict[tuple[str, str], int] = {}
    rows = PersonLink.objects.filter(article__region_code=one.region_code, name__in=names).exclude(
        article=one
    )
    for name, number in rows.values_list("name", "number"):
        counts[name, number] = counts.get((name, number), 0) + 1
    return counts


def _evidence(
    person: dict[str, Any], number: str, body: str, title: str, said: dict[tuple[str, str], int]
) -> str:
    reasons = ["姓名相同"]
    bodies = [str(role.get("organisation") or "") for role in person["roles"]]
    if body and any(one and (one in body or body in one) for one in bodies):
        reasons.append("单位相符")
    if title and any(role["title"] in title or title in role["title"] for role in person["roles"]):
        reasons.append("职务相符")
    if times := said.get((str(person["name"]), number), 0):
        reasons.append(f"以往确认 {times} 次")
    return "、".join(reasons)
