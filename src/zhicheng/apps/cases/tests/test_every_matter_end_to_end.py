"""Every shipped matter from filing to its end, through the room's own actions, on the dated examples of its definition."""

from __future__ import annotations

import io

import pytest
from docx import Document

from zhicheng.apps.cases import ticking
from zhicheng.apps.cases.actions import act
from zhicheng.apps.cases.models import Case, Handling, Notice
from zhicheng.apps.cases.state_rows import as_text
from zhicheng.apps.cases.testing_matters import file_any, fill, people_of
from zhicheng.catalogue.matter_loader import load_matters
from zhicheng.engines.procedures.parts import SYSTEM
from zhicheng.kernel.refusals import Refusal

pytestmark = pytest.mark.django_db
ROUTES = [(matter, example) for matter in load_matters() for example in matter.examples]
OPEN_PLACE = "＿＿＿＿"


def take(office, matter, case, step):
    """Take one step of an example as the person of its role; what the example leaves out is filled in plainly."""
    if step.role == SYSTEM:
        before = case.revision
        ticking.tick(on=step.on, send=False)
        case.refresh_from_db()
        if case.revision == before:
            raise Refusal("系统此时不办理。", fix="")
        return
    action = matter.action(step.action)
    plain = {one.id: fill(one, step.on) for one in action.fields if one.required}
    given = {name: as_text(value) for name, value in step.values.items()}
    by = people_of(office, matter)[step.role]
    act(case=case.pk, action=step.action, by=by, on=step.on, values=plain | given)
    case.refresh_from_db()


@pytest.mark.parametrize(("matter", "example"), ROUTES, ids=[f"{a.code}-{b.name}" for a, b in ROUTES])
def test_a_matter_runs_from_filing_to_its_end_as_its_example_says(office, matter, example):
    first, *rest = example.steps
    case = file_any(office, matter, on=first.on, role=first.role, facts=example.facts)
    assert_stands(case, first)
    for step in rest:
        if step.refused:
            with pytest.raises(Refusal, match=step.refused):
                take(office, matter, case, step)
            case = Handling.objects.get(pk=case.pk)
        else:
            take(office, matter, case, step)
            assert_stands(case, step)
    assert_ended_and_told(office, matter, case, example)


def assert_stands(case, step):
    """The stage and the due days that the example states, in the rows lists are sorted by."""
    assert not step.stage or case.stage == step.stage
    for limit, due in step.due.items():
        assert case.limits.get(limit=limit).due_on == due, (step.on, limit)


def assert_ended_and_told(office, matter, case, example):
    """It ended with the outcome, is counted, everybody who came in was told, every paper is there in full."""
    assert case.outcome == example.outcome
    steps = case.events.filter(step=True)
    accepting = next((one for one in steps if matter.action(one.action).accepts), None)
    deemed = accepting is not None and accepting.role == SYSTEM
    assert case.accepted_on == (case.received_on if deemed else accepting and accepting.on)
    counted = Case.objects.get(pk=case.pk)
    counts = (case.accepted_on, case.closed_on, matter.outcome(case.outcome).counts_as)
    assert (counted.accepted_on, counted.closed_on, counted.outcome) == counts
    assert case.tasks.filter(kind="stage", done_on=None).count() == 0
    if case.filed_by == office.enterprise:
        assert Notice.objects.filter(case=case, person=office.enterprise, on__gte=case.closed_on).exists()
    ordered = {
        effect.target
        for event in case.events.filter(step=True)
        for effect in matter.action(event.action).effects
        if effect.kind == "issue_document" and not effect.when
    }
    assert ordered <= set(case.papers.values_list("kind", flat=True))
    for paper in case.papers.filter(kind__in=[one.id for one in matter.templates]):
        content = paper.versions.get().file.read()
        text = "\n".join(one.text for one in Document(io.BytesIO(content)).paragraphs)
        assert OPEN_PLACE not in text, (paper.title, text)
