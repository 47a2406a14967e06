"""Builds a bulletin: the document, what stands in its way, what contradicts earlier ones, and its files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from zhicheng.apps.accounts.public import demo_loaded
from zhicheng.apps.intelligence.bulletin_facts import Gathered, gather
from zhicheng.apps.intelligence.bulletin_models import Bulletin
from zhicheng.apps.web.public import region_name
from zhicheng.engines.bulletins import (
    Document,
    FigureKey,
    Place,
    Problem,
    SignedValue,
    build,
    parse,
)
from zhicheng.engines.bulletins.charts import chart_svg
from zhicheng.engines.bulletins.contradictions import Contradiction, Earlier, contradictions
from zhicheng.engines.bulletins.formats import plain
from zhicheng.engines.bulletins.html import data_uri, html_body, html_page
from zhicheng.engines.bulletins.markdown import markdown
from zhicheng.engines.bulletins.plain import spanned_text
from zhicheng.kernel.refusals import Refusal

FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}


@dataclass(frozen=True)
class Draft:
    """A bulletin as it would read now.

    Args:
        problems: numbers that cannot be written yet; empty when it can be published.
        typed: numbers that somebody typed into the template instead of naming a figure.
    """

    document: Document
    problems: tuple[Problem, ...]
    gathered: Gathered
    contradictions: tuple[Contradiction, ...] = ()
    typed: tuple[str, ...] = ()


def draft(text: str, *, region: str, as_of: date, but: int | None = None) -> Draft:
    """Build leniently: a number that is not to be had shows its name, and the problems stand beside it.

    Args:
        but: number of the bulletin that the text belongs to or replaces; it does not contradict itself.

    Raises:
        TemplateError: the text is no template.
    """
    template = parse(text)
    found = gather(template, region=region, as_of=as_of)
    place = Place(region, region_name(region))
    document, problems = build(
        template, facts=found.facts, place=place, as_of=as_of, synthetic=demo_loaded(), lenient=True
    )
    return Draft(
        document,
        problems,
        found,
        contradictions(document, earlier(document, but=but)),
        typed_numbers(document),
    )


def finished(text: str, *, region: str, as_of: date) -> Document:
    """Build strictly.

    Raises:
        TemplateError: the text is no template.
        BuildStopped: a number is unsigned, missing, changed or unknown.
    """
    template = parse(text)
    found = gather(template, region=region, as_of=as_of)
    place = Place(region, region_name(region))
    document, _ = build(template, facts=found.facts, place=place, as_of=as_of, synthetic=demo_loaded())
    return document


def earlier(document: Document, *, but: int | None = None) -> Iterable[Earlier]:
    """Return the numbers of published bulletins of the same regions."""
    regions = {source.figure.region for source in document.sources()} | {document.region}
    rows = Bulletin.objects.filter(status=Bulletin.Status.PUBLISHED, region_code__in=regions)
    if but is not None:
        rows = rows.exclude(pk=but)
    for row in rows.only("pk", "title", "published_at", "figures").order_by("-published_at")[:50]:
        assert row.published_at is not None
        for one in row.figures:
            if one.get("role") == "quoted":
                continue
            key = FigureKey(one["id"], one["region"], date.fromisoformat(one["as_of"]), one["period"] or "")
            yield Earlier(
                row.pk, row.title, row.published_at.date(), key, one["kind"], Decimal(one["value"]),
                "、".join(one["written"]),
            )  # fmt: skip


def typed_numbers(document: Document) -> tuple[str, ...]:
    """Return numbers of the text that no figure stands behind: read by the extraction engine, not locked."""
    from zhicheng.engines.extraction.extracting import extract  # noqa: PLC0415 - loads opencc and pypinyin
    from zhicheng.engines.extraction.repairing import read_text  # noqa: PLC0415

    text, locked = spanned_text(document)
    if not text.strip():
        return ()
    found: list[str] = []
    for one in extract(read_text(text, name=document.title)).figures:
        inside = any(start <= one.start < end for start, end in locked)
        if one.kind in {"metric", "count", "change"} and not inside:
            found.append(f"{text[one.start : one.end]}{one.base_unit}：{one.sentence[:60]}")
    return tuple(dict.fromkeys(found))


def figure_address(figure: SignedValue) -> str:
    """Return the address of a figure's page at the place and day of the number."""
    query = {"region": figure.region, "as_of": figure.as_of.isoformat(), "period": figure.period or "ytd"}
    return f"/figures/{figure.id}/?{urlencode(query)}"


def body(document: Document) -> str:
    """Return the document as it stands inside a page of the site."""
    return html_body(
        document, address=figure_address, picture=lambda _, chart: data_uri(chart_svg(chart)), sources=False
    )


def write_file(document: Document, form: str, *, site: str = "", reference: str = "") -> bytes:
    """Write a document in one of FORMATS.

    Args:
        site: address of this site, so that the numbers of an HTML file lead back to it.
        reference: what a Word file says it was made from.

    Raises:
        Refusal: no such format, or the machine lacks what it needs.
    """
    if form == "md":
        return markdown(document).encode()
    if form == "html":
        return html_page(
            document, address=lambda figure: f"{site}{figure_address(figure)}", svg=chart_svg
        ).encode()
    if form == "docx":
        from zhicheng.engines.bulletins.word import docx  # noqa: PLC0415 - python-docx takes a while to load

        return docx(document, reference=reference)
    if form == "pdf":
        from zhicheng.engines.bulletins.pdf import pdf  # noqa: PLC0415 - typst takes a while to load

        return pdf(document)
    raise Refusal(f"不能写成“{form[:20]}”。", fix=f"可用：{'、'.join(FORMATS)}。")


def figures_data(document: Document) -> list[dict[str, object]]:
    """Return the numbers of a document as open data, in the order of the text."""
    return [
        {
            "id": one.figure.id, "name": one.figure.name, "value": plain(one.figure.value), "unit": one.figure.unit,
            "kind": one.figure.kind, "region": one.figure.region, "region_name": one.figure.region_name,
            "as_of": one.figure.as_of.isoformat(), "period": one.figure.period, "version": one.figure.version,
            "definition": one.figure.definition, "source": one.quoted_from or one.figure.source,
            "snapshot": one.figure.snapshot, "rows": one.figure.rows, "written": list(one.written),
            "role": "quoted" if one.quoted_from else "computed",
        }
        for one in document.sources()
    ]  # fmt: skip
