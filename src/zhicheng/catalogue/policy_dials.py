"""What of a policy can be turned in a simulation: every amount, rate, cap, threshold and condition, as a dial."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from zhicheng.catalogue.policy_yaml import content_of
from zhicheng.engines.incentives.rules import Clause, FactShape, Policy
from zhicheng.engines.incentives.saying import condition_words, looked_up, number_words

PERIODS = {"year": "每年", "ever": "累计"}
PER = {"object": "按对象", "beneficiary": "按受益人", "all": "合计"}
FLAGS = {"first_time": "仅限首次", "newly_awarded": "仅限新获评", "once": "一次性"}
WORDS = {"cap": "封顶", "floor": "保底", "rate": "比例", "share": "配套比例", "up_to": "分段上限"}


@dataclass(frozen=True)
class Dial:
    """One thing that can be turned.

    Args:
        owner: id of the clause, or of the document for its budget and caps.
        place: dotted place in the version of the clause, or in the document.
        label: what it is, in the words of an official.
        kind: money (元), rate (a factor), count, flag, or text (a condition).
        value: as it stands, exact.
    """

    owner: str
    place: str
    label: str
    kind: str
    value: str

    @property
    def name(self) -> str:
        """The label without its unit, for a sentence that gives the unit with the value."""
        return self.label.removesuffix("（元）")

    @property
    def high(self) -> Decimal:
        """Upper end of the slider: three times what stands, and at least something."""
        value = Decimal(self.value)
        if self.kind == "rate":
            return max(Decimal(1), value * 2)
        return max(value * 3, Decimal(10))

    def said(self, value: object) -> str:
        """A value as an official reads it: money in 元 or 万元, a rate in per cent, a condition that is on or off."""
        if self.kind == "flag":
            return "是" if value else "否"
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return str(value)
        return number_words(self.kind, number)

    @property
    def step(self) -> Decimal:
        """Step of the slider: a round number near a hundredth of its length."""
        if self.kind == "count":
            return Decimal(1)
        if self.kind == "rate":
            return Decimal("0.01")
        return Decimal(10) ** max(0, (self.high / 200).adjusted())


def dials_of(clause: Clause, shape: FactShape) -> tuple[Dial, ...]:
    """The dials of a clause's latest version, in the order of its file.

    Args:
        clause: loaded from a file.
        shape: the fact it stands on; its labels name the dials.

    Raises:
        CatalogueError: the file can no longer be read.
    """
    content = content_of(Path(clause.file))
    version = content["versions"][clause.versions[-1].since.isoformat()]
    return tuple(_version(clause.id, version, shape))


def dials_of_policy(policy: Policy) -> tuple[Dial, ...]:
    """The dials of a document: its budget and the caps over all its clauses."""
    content = content_of(Path(policy.file))
    return (*_caps(policy.id, content), *_budget(policy.id, content))


def _version(owner: str, version: dict[str, Any], shape: FactShape) -> Iterator[Dial]:
    yield from _amount(owner, version["amount"], "amount", "", shape)
    yield from _caps(owner, version)
    yield from _budget(owner, version)
    negative = version.get("negative_list") or {}
    if negative.get("years") is not None:
        yield Dial(owner, "negative_list.years", "负面清单年限（年）", "count", str(negative["years"]))
    for payer, weight in version.get("sharing", {}).items():
        yield Dial(owner, f"sharing.{payer}", f"分担比重：{payer}", "count", str(weight))
    for name, words in FLAGS.items():
        yield Dial(owner, name, words, "flag", "1" if version.get(name) else "")
    yield Dial(owner, "when", "触发条件", "text", str(version["when"]))
    for number, one in enumerate(version.get("requires", [])):
        yield Dial(owner, f"requires.{number}.when", f"条件：{one['words']}", "text", str(one["when"]))


def _amount(owner: str, amount: Any, place: str, before: str, shape: FactShape) -> Iterator[Dial]:
    """Every number of an amount, whichever way it is set."""
    if not isinstance(amount, dict):
        yield Dial(owner, place, f"{before}金额（元）", "money", str(amount))
        return
    for form, inner in amount.items():
        at = f"{place}.{form}"
        if form == "table":
            for key, pay in inner["rows"].items():
                words = looked_up(inner["by"], key, shape)
                yield Dial(owner, f"{at}.rows.{key}", f"{before}{words}（元）", "money", str(pay))
        elif form == "choose":
            for number, case in enumerate(inner):
                when = condition_words(case["when"], shape) if case.get("when") else "其余"
                yield from _amount(
                    owner, case["amount"], f"{at}.{number}.amount", f"{before}{when} → ", shape
                )
        elif form == "brackets":
            for number, step in enumerate(inner["steps"]):
                yield from _numbers(owner, step, f"{at}.steps.{number}", f"{before}第 {number + 1} 段")
            yield from _numbers(owner, {"cap": inner.get("cap")}, at, before)
        else:
            yield from _numbers(owner, inner, at, before)


def _numbers(owner: str, inner: dict[str, Any], place: str, before: str) -> Iterator[Dial]:
    for name, words in WORDS.items():
        if inner.get(name) is not None:
            rate = name in {"rate", "share"}
            label = f"{before}{words}" + ("" if rate else "（元）")
            yield Dial(owner, f"{place}.{name}", label, "rate" if rate else "money", str(inner[name]))


def _caps(owner: str, content: dict[str, Any]) -> Iterator[Dial]:
    for number, one in enumerate(content.get("caps", [])):
        period, per = PERIODS[one.get("period", "year")], PER[one.get("per", "beneficiary")]
        yield Dial(owner, f"caps.{number}.amount", f"{period}封顶，{per}（元）", "money", str(one["amount"]))


def _budget(owner: str, content: dict[str, Any]) -> Iterator[Dial]:
    for year, amount in (content.get("budget") or {}).get("years", {}).items():
        yield Dial(owner, f"budget.years.{year}", f"{year} 年预算（元）", "money", str(amount))
