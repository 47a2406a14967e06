"""Whether anything said against a notice still waits for its answer; nothing is approved or granted before."""

from __future__ import annotations

from zhicheng.apps.cases.public import open_cases
from zhicheng.apps.incentives.models import AwardRound, Batch, Objection
from zhicheng.kernel.refusals import Refusal

MATTER = "notice_objection"
NAMED = 5


def refuse_while_open(place: Batch | AwardRound) -> None:
    """Refuse to go on while an objection is open, also one filed in the cases room under the number of the notice."""
    said = place.objections.filter(status=Objection.Status.OPEN)
    known = set(said.exclude(case_number="").values_list("case_number", flat=True))
    numbers = sorted(known | set(open_cases(MATTER, "notice_number", place.number)))
    waiting = len(numbers) + said.filter(case_number="").count()
    if waiting:
        named = f"（{'、'.join(numbers[:NAMED])}{'等' if len(numbers) > NAMED else ''}）" if numbers else ""
        raise Refusal(f"{place.number} 还有 {waiting} 件异议没有答复{named}。", fix="请先逐件核查答复。")
    pending = place.objections.filter(consequence=Objection.Consequence.PENDING)
    if left := list(pending.values_list("case_number", flat=True)):
        numbers = [one for one in left if one]
        named = f"（{'、'.join(numbers[:NAMED])}{'等' if len(numbers) > NAMED else ''}）" if numbers else ""
        raise Refusal(
            f"{place.number} 有 {len(left)} 件成立的异议没有写明后果{named}。",
            fix="请写明剔除哪些事项，或重新公示。",
        )
