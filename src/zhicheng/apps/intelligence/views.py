"""Pages of articles: the list, texts handed in, folders read, one article with its figures reviewed in place."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from zhicheng.apps.accounts.public import may, require
from zhicheng.apps.intelligence import actions, batches, queries, tasks
from zhicheng.apps.intelligence.article_models import Article, FoundFigure, NewsBatch
from zhicheng.apps.intelligence.forms import QuoteForm, UploadForm
from zhicheng.apps.intelligence.people import confirm_person, people_of
from zhicheng.apps.intelligence.proposals import QUOTABLE
from zhicheng.apps.intelligence.reading import MAX_FILE, read_file
from zhicheng.apps.intelligence.spans import in_text, pieces
from zhicheng.kernel.refusals import Refusal

Decision = FoundFigure.Decision


def index(request: HttpRequest) -> HttpResponse:
    """List articles with how many of their figures wait for review."""
    given = {name: request.GET.get(name, "") for name in ("q", "about", "show", "after")}
    context = {
        "page": queries.articles_page(request.user, **given),
        "batches": [one for one in queries.batches(request.user) if one.status == NewsBatch.Status.READING],
        "given": given,
        "may_review": may(request.user, "intelligence.review"),
    }
    return render(request, "intelligence/index.html", context)


def upload(request: HttpRequest) -> HttpResponse:
    """Take one text and open it, or several and read them one after another."""
    require(request.user, "intelligence.review")
    if request.method != "POST":
        return render(
            request,
            "intelligence/upload.html",
            {"form": UploadForm(), "recent": queries.batches(request.user)},
        )
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return _take(request, form)
        except Refusal as refusal:
            form.add_error("files", str(refusal))
    recent = queries.batches(request.user)
    return render(request, "intelligence/upload.html", {"form": form, "recent": recent}, status=422)


def _take(request: HttpRequest, form: UploadForm) -> HttpResponse:
    by: Any = request.user
    files = form.cleaned_data["files"]
    if len(files) == 1 and not files[0].name.lower().endswith(".zip"):
        data = files[0].read(MAX_FILE + 1)
        kept = read_file(data, files[0].name, by=by, url=form.cleaned_data["url"])
        return redirect("intelligence:article", number=kept.article.pk)
    name = files[0].name if len(files) == 1 else f"{files[0].name} 等 {len(files)} 个文件"
    batch = batches.begin(name=name, files=[(one.name, one.file) for one in files], by=by)
    tasks.read_batch.enqueue(batch.pk, by.pk)
    return redirect("intelligence:batch", key=batch.key)


def batch(request: HttpRequest, key: str) -> HttpResponse:
    """Show how far a folder is, what was added and what could not be read."""
    row = queries.batch(key, request.user)
    context = {"row": row, "articles": queries.articles(request.user).filter(batch=row).only("id", "title", "name")[:100],
               "running": row.status == NewsBatch.Status.READING}  # fmt: skip
    return render(request, "intelligence/batch.html", context)


def batch_progress(request: HttpRequest, key: str) -> HttpResponse:
    """Answer the page that asks how far the reading is; when it is done the page is loaded anew."""
    row = queries.batch(key, request.user)
    running = row.status == NewsBatch.Status.READING
    answer = render(request, "intelligence/_batch_progress.html", {"row": row, "running": running})
    if not running:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def batch_step(request: HttpRequest, key: str) -> HttpResponse:
    """Cancel a batch, or go on with one that a restart cut off."""
    row = queries.batch(key, request.user)
    by: Any = request.user
    if request.POST.get("step") == "cancel":
        batches.cancel(key=row.key, by=by)
    else:
        require(by, "intelligence.review")
        tasks.read_batch.enqueue(row.pk, by.pk)
    return redirect("intelligence:batch", key=key)


def article(request: HttpRequest, number: int) -> HttpResponse:
    """Show an article with its figures highlighted, one of them chosen for review."""
    one = queries.article(number, request.user)
    return render(request, "intelligence/article.html", _review(request, one))


def _review(
    request: HttpRequest, one: Article, form: QuoteForm | None = None, chosen: int = 0
) -> dict[str, Any]:
    figures = queries.figures_of(one)
    current = _chosen(figures, chosen or request.GET.get("figure", ""))
    place = figures.index(current) if current else 0
    raw = request.GET.get("show") == "raw"
    review = queries.may_review(request.user, one)
    spans = [(figure.start, figure.end, figure.pk) for figure in figures]
    shown = pieces(one.raw, spans) if raw else pieces(one.text, in_text(spans, one.origin, len(one.text)))
    return {
        "article": one, "figures": figures, "current": current, "raw": raw, "may_review": review,
        "pieces": shown, "states": {figure.pk: figure for figure in figures},
        "previous": figures[place - 1] if current and place else None,
        "following": figures[place + 1] if current and place + 1 < len(figures) else None,
        "left": sum(figure.decision == Decision.OPEN for figure in figures),
        "form": form or (QuoteForm.of(current) if current and review and current.kind in QUOTABLE else None),
        "alias": queries.alias_of(current) if current and review else None,
        "people": people_of(one, request.user),
        "quotable": bool(current and current.kind in QUOTABLE),
    }  # fmt: skip


def _chosen(figures: list[FoundFigure], wanted: object) -> FoundFigure | None:
    for figure in figures:
        if str(figure.pk) == str(wanted):
            return figure
    waiting = [figure for figure in figures if figure.decision == Decision.OPEN]
    return next(iter(waiting or figures), None)


@require_POST
def decide(request: HttpRequest, number: int, figure: int) -> HttpResponse:
    """Accept, reject, correct, map or reopen one figure, then go on to the next that waits."""
    one = queries.article(number, request.user)
    by: Any = request.user
    step, given = request.POST.get("step", ""), request.POST
    if step == "accept":
        actions.accept(figure=figure, by=by)
    elif step == "reject":
        actions.reject(figure=figure, by=by, why=given.get("why", ""))
    elif step == "reopen":
        actions.reopen(figure=figure, by=by, why=given.get("why", ""))
        return redirect(_address(one, figure, request))
    elif step == "map":
        actions.map_phrase(figure=figure, indicator=given.get("indicator", ""), by=by)
        return redirect(_address(one, figure, request))
    elif step == "correct":
        form = QuoteForm(given)
        if not form.is_valid():
            context = _review(request, one, form, chosen=figure)
            return render(request, "intelligence/article.html", context, status=422)
        actions.accept(figure=figure, by=by, values=form.columns())
    else:
        raise Refusal(f"没有“{step}”这一步。", fix="请用页面上的按钮。")
    return redirect(_address(one, _after(one, figure), request))


@require_POST
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Say who a person named in the text is in the ledger."""
    by: Any = request.user
    given = request.POST
    confirm_person(article=number, name=given.get("name", ""), number=given.get("number", ""), by=by)
    return redirect(f"{reverse('intelligence:article', args=[number])}#people")


def _after(one: Article, figure: int) -> int:
    """Return the next figure that waits behind this one, else the first that waits, else this one."""
    rows = list(one.figures.order_by("position").values_list("pk", "decision"))
    place = next((index for index, (key, _) in enumerate(rows) if key == figure), 0)
    waiting = [key for key, decision in [*rows[place + 1 :], *rows[:place]] if decision == Decision.OPEN]
    return waiting[0] if waiting else figure


def _address(one: Article, figure: int, request: HttpRequest) -> str:
    query = {
        name: request.GET[name] for name in ("region", "as_of", "period", "show") if request.GET.get(name)
    }
    return f"{reverse('intelligence:article', args=[one.pk])}?{urlencode({**query, 'figure': figure})}"
