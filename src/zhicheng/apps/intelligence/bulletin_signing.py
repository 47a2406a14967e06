"""Asks for the signatures a bulletin lacks, and signs what others prepared: through the figures room's own actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from zhicheng.apps.accounts.public import User
from zhicheng.apps.figures.public import SignedFigure, catalogue, prepare_figure, sign_figure
from zhicheng.apps.intelligence.bulletin_building import Draft
from zhicheng.engines.bulletins import FigureKey
from zhicheng.kernel.refusals import Refusal


@dataclass(frozen=True)
class Outcome:
    """How many figures were brought one step further, and why others were not."""

    done: int
    refused: tuple[str, ...]


def ask(keys: Iterable[FigureKey], *, by: User) -> Outcome:
    """Prepare figures for signing, each in its own transaction, so that one refusal does not hold up the others."""
    return _each(keys, lambda key: _prepare(key, by))


def sign_waiting(keys: Iterable[FigureKey], *, by: User) -> Outcome:
    """Sign the figures that somebody else prepared."""
    return _each(keys, lambda key: _sign(key, by))


def lacking(found: Draft, *states: str) -> list[FigureKey]:
    """Return the figures of a draft that are in one of these states."""
    known = found.gathered.facts.figures
    return [key for key in found.gathered.needs.figures if known[key].state in states]


def _each(keys: Iterable[FigureKey], step: Callable[[FigureKey], int]) -> Outcome:
    done, refused = 0, []
    for key in keys:
        try:
            done += step(key)
        except Refusal as refusal:
            refused.append(f"{key.id}：{refusal}")
    return Outcome(done, tuple(refused))


def _prepare(key: FigureKey, by: User) -> int:
    prepare_figure(indicator=key.id, region=key.region, as_of=key.as_of, period=key.period, by=by)
    return 1


def _sign(key: FigureKey, by: User) -> int:
    entry = catalogue().get(key.id)
    period = key.period if entry and entry.kind == "flow" else ""
    row = (
        SignedFigure.objects.filter(
            indicator=key.id, region_code=key.region, as_of=key.as_of, period=period,
            status=SignedFigure.Status.PREPARED,
        )
        .order_by("-id")
        .first()
    )  # fmt: skip
    if row is None:
        return 0
    sign_figure(figure=row, by=by)
    return 1
