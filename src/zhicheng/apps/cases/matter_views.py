"""Pages of matters: the definition drawn, with roles, limits and sources; its BPMN for other modelers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from zhicheng.apps.cases.asking import person, today
from zhicheng.apps.cases.definitions import matter_in_force, matter_version
from zhicheng.engines.procedures.bpmn import bpmn_of
from zhicheng.engines.procedures.definition import Matter
from zhicheng.engines.procedures.diagram import draw, in_words
from zhicheng.engines.procedures.speaking import in_language
from zhicheng.kernel.refusals import NotFound


def matter(request: HttpRequest, code: str) -> HttpResponse:
    """Show a definition: drawn, in words, with its limits and what each rests on; a citizen gets the guide."""
    if not request.user.is_authenticated:
        return redirect("cases:public_matter", matter=code)
    one = in_language(_asked(request, code), get_language() or "")
    context = {
        "matter": one, "diagram": mark_safe(draw(one, language=get_language() or "")), "words": in_words(one),  # noqa: S308  # drawn by us, escaped
        "steps": [(each, [one.stage(name) for name in each.from_stages], each.to_stage and one.stage(each.to_stage),
                   [one.role(name) for name in each.roles]) for each in one.actions],
    }  # fmt: skip
    return render(request, "cases/matter.html", context)


def bpmn(request: HttpRequest, code: str) -> HttpResponse:
    """Give out a definition as BPMN 2.0."""
    person(request)
    one = in_language(_asked(request, code), get_language() or "")
    response = HttpResponse(bpmn_of(one), content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{one.code}-v{one.version}.bpmn"'
    return response


def _asked(request: HttpRequest, code: str) -> Matter:
    version = request.GET.get("version", "")
    if not version:
        return matter_in_force(code, today())
    if not version.isdigit():
        raise NotFound(f"没有版本“{version[:20]}”。", fix="请从事项页面打开。")
    return matter_version(code, int(version))
