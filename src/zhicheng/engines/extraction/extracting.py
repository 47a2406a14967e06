"""From a repaired text to its sourced figures, reward rules and people; the way in is ``extract``."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from zhicheng.engines.extraction import money_rules, people, periods, ranks, subjects
from zhicheng.engines.extraction.commitments import Commitment, commitments
from zhicheng.engines.extraction.document import Reading
from zhicheng.engines.extraction.drafting import Draft, Page, attach_ranks, draft_sentence
from zhicheng.engines.extraction.exporting import extraction_data
from zhicheng.engines.extraction.figure import (
    Figure,
    Kind,
    Period,
    Person,
    PersonRole,
    PolicyRule,
    Rank,
    plain_number,
)
from zhicheng.engines.extraction.indicator_names import build_aliases, clean
from zhicheng.engines.extraction.layout import Sentence, clause_start, half_width, sentences
from zhicheng.engines.extraction.numbers import Amount, amounts
from zhicheng.engines.extraction.tables import Cell, table_cells
from zhicheng.engines.extraction.timing import Clock
from zhicheng.engines.extraction.traps import trap_spans

NO_ALIASES: Mapping[str, str] = MappingProxyType({})
_METADATA = re.compile(r"来源|发布(?:时间|日期)|日期\s?[:：]|时间\s?[:：]|编辑\s?[:：]|\d{1,2}:\d{2}")
_QUALIFIERS = re.compile(r"累计|首次|年均|日均|平均|预计|计划|力争|目标|新增|首批|截至目前|总量")
# a scope longer than the name of an area is what was ranked (位居行政保护绩效考核前两位)
_AREA_LONGEST = 6
# a later sentence that ranks a figure again follows it closely
_REMEMBERED = 100
_CLOSED = frozenset({"title", "address", "numeric date"})
SURE = Decimal("0.95")


@dataclass(frozen=True)
class Extraction:
    """Everything taken out of one text.

    Args:
        reading: the text it was taken from.
        figures: in the order of the text.
        policies: reward rules, one per amount.
        people: named with their titles.
    """

    reading: Reading
    figures: tuple[Figure, ...]
    policies: tuple[PolicyRule, ...]
    people: tuple[Person, ...]

    def as_data(self) -> dict[str, object]:
        """The extraction as JSON values; offsets are code points in the raw file, end exclusive."""
        return extraction_data(self)


def extract(reading: Reading, *, aliases: Mapping[str, str] = NO_ALIASES) -> Extraction:
    """Take figures, reward rules and people out of a repaired text.

    Args:
        reading: the text with its map back to the file.
        aliases: phrase or frame → catalogue id, see ``indicator_names.Aliases``.

    Returns:
        Figures with exact values, units as written and base units, and spans in the raw file.
    """
    return _Extractor(reading, aliases).run()


class _Extractor:
    """Holds one text while its sentences are worked through in order."""

    def __init__(self, reading: Reading, aliases: Mapping[str, str]) -> None:
        self.reading = reading
        self.plain = half_width(reading.text)
        article = reading.article
        self.today = article.event_on or article.published_on
        self.year = article.year or (self.today.year if self.today else None)
        self.traps = trap_spans(self.plain)
        times = periods.mentions(self.plain, year=self.year, today=self.today)
        self.page = Page(self.plain, _masked(self.plain, times), build_aliases(aliases))
        self.clock = Clock(self.plain, times, today=self.today, year=self.year)
        self.regions = subjects.region_mentions(self.plain, home=article.region_code)
        self.drafts: list[Draft] = []
        self.figures: list[Figure] = []
        self.policies: list[PolicyRule] = []
        self.people: list[Person] = []
        self.regions_here: list[subjects.Mention] = []
        self.sentence = Sentence(0, 0, 0)
        self.not_ranked_among: list[subjects.Mention] = []

    def run(self) -> Extraction:
        """Work through tables, dates and sentences."""
        cells = table_cells(self.plain)
        in_table = {cell.start for cell in cells}
        found = [one for one in amounts(self.plain, self.traps) if one.start not in in_table]
        shut = ((one.start, one.end) for one in self.traps if one.why in _CLOSED)
        dates = periods.event_dates(self.plain, shut, year=self.year)
        region_starts = [one.start for one in self.regions]
        at = day = 0
        for sentence in sentences(self.plain):
            here: list[Amount] = []
            while at < len(found) and found[at].start < sentence.end:
                here.append(found[at])
                at += 1
            self.sentence = sentence
            self.regions_here = self.regions[
                bisect_left(region_starts, sentence.start) : bisect_left(region_starts, sentence.end)
            ]
            self._sentence(here)
            while day < len(dates) and dates[day].start < sentence.end:
                self._date(dates[day])
                day += 1
            self._cells([cell for cell in cells if sentence.start <= cell.start < sentence.end])
            self._people()
        self.figures.sort(key=lambda one: one.start)
        return Extraction(self.reading, tuple(self.figures), tuple(self.policies), tuple(self.people))

    def _sentence(self, found: list[Amount]) -> None:
        start, end = self.sentence.start, self.sentence.end
        promised = commitments(self.plain, start, end)
        for one in promised:
            self._commitment(one)
        starts = {one.start for one in promised}
        found = [one for one in found if one.start not in starts]
        given = money_rules.rewards(self.plain, start, end, found)
        for reward in given:
            self._reward(reward)
        paid = {one.amount.start for one in given}
        placed = ranks.places(self.plain, start, end)
        scopes = {at for one in placed for at in range(one.start, one.end)}
        # 居全省第三位 says among whom, not whose figure it is
        self.not_ranked_among = [one for one in self.regions_here if one.start not in scopes]
        ranked = {one.number[0] for one in placed if one.number}
        found = [one for one in found if one.start not in paid and one.start not in ranked]
        said = next((one for one in reversed(self.drafts) if one.kind == "metric"), None)
        drafts = draft_sentence(self.page, self.sentence, found, said)
        alone = attach_ranks(placed, drafts, self.drafts[-_REMEMBERED:])
        for draft in drafts:
            self._figure(draft)
        self.drafts += drafts
        for place in alone:
            self._rank(place)

    def _figure(self, draft: Draft) -> None:
        amount = draft.amount
        sign = draft.growth.sign if draft.growth else 1
        start = clause_start(self.plain, amount.lead, self.sentence.start)
        period, inherited = self.clock.period_of(self.sentence, draft)
        words = self.plain[start : amount.lead]
        qualifiers = [*draft.qualifiers, *dict.fromkeys(m.group() for m in _QUALIFIERS.finditer(words))]
        if inherited:
            qualifiers.append("时期承上文")
        confidence = SURE - Decimal("0.05") * draft.doubt - (Decimal("0.03") if inherited else 0)
        self._add(
            kind=draft.kind, value=plain_number(sign * amount.value), unit=amount.unit,
            base_value=plain_number(sign * amount.base_value), base_unit=amount.base_unit, approx=amount.approx,
            indicator=self._without_region(draft.phrase, amount.lead), indicator_id=draft.identity, period=period, qualifiers=qualifiers, rank=draft.rank,
            start=amount.start, end=amount.end, confidence=confidence,
            of=draft.of.amount if draft.of else None,
        )  # fmt: skip

    def _add(
        self, *, kind: Kind, value: str, unit: str, base_value: str, base_unit: str, start: int, end: int, approx: str = "exact",
        indicator: str = "", indicator_id: str = "", period: Period | None = None, qualifiers: list[str] | None = None,
        rank: Rank | None = None, confidence: Decimal = SURE, of: Amount | None = None,
    ) -> None:  # fmt: skip
        region, code, subject = self._where(start)
        raw_start, raw_end = self.reading.raw_span(start, end)
        self.figures.append(Figure(
            kind=kind, value=value, unit=unit, base_value=base_value, base_unit=base_unit, approx=approx,
            indicator=indicator, indicator_id=indicator_id, subject=subject, region=region, region_code=code,
            period=period, qualifiers=tuple(dict.fromkeys(qualifiers or ())), rank=rank,
            sentence=self.reading.text[self.sentence.start : self.sentence.end].strip(),
            start=raw_start, end=raw_end, confidence=confidence, of=self.reading.raw_span(of.start, of.end) if of else None,
        ))  # fmt: skip

    def _where(self, at: int) -> tuple[str, str, str]:
        article = self.reading.article
        place = subjects.nearest(self.not_ranked_among, at, self.sentence.start)
        body = subjects.nearest(
            subjects.organisations(self.plain, self.sentence.start, at), at, self.sentence.start
        )
        named = max((one for one in (place, body) if one), key=lambda one: one.start, default=None)
        subject = self.plain[named.start : named.end] if named else ""
        if place:
            return place.name, place.code, subject
        return article.region, article.region_code, subject or article.region

    def _without_region(self, phrase: str, at: int) -> str:
        """`青州市有效专利` is `有效专利` of that region."""
        for one in self._regions_here(at):
            name = self.plain[one.start : one.end]
            if len(name) > 2 and phrase.startswith(name) and len(phrase) > len(name) + 1:
                return phrase[len(name) :].removeprefix("的")
        return phrase

    def _regions_here(self, at: int) -> list[subjects.Mention]:
        return [one for one in self.regions_here if one.start < at]

    def _rank(self, place: ranks.Place) -> None:
        if not place.number or place.rank.value is None:
            return
        draft = Draft(_no_amount(place.number), place.start)
        period, inherited = self.clock.period_of(self.sentence, draft)
        qualifiers = [place.streak] if place.streak else []
        if inherited:
            qualifiers.append("时期承上文")
        words = clean(
            self.page.masked[
                clause_start(self.plain, place.start, self.sentence.start) : place.start
            ].replace(place.streak, "")
        )
        scope = place.rank.scope
        indicator = (scope if len(scope) > _AREA_LONGEST else "") or words or scope or self._ranked_before()
        value = str(place.rank.value)
        self._add(
            kind="rank", value=value, unit="位", base_value=value, base_unit="位", indicator=indicator, period=period,
            approx="exact" if place.rank.bound == "exact" else "below", qualifiers=qualifiers, rank=place.rank,
            start=place.number[0], end=place.number[1], confidence=SURE - Decimal("0.05"),
        )  # fmt: skip

    def _ranked_before(self) -> str:
        """`考核位列第4名，连续4年进入前五位`: the second place is one in the same thing."""
        sentence = self.reading.text[self.sentence.start : self.sentence.end].strip()
        last = self.figures[-1] if self.figures else None
        return last.indicator if last and last.kind == "rank" and last.sentence == sentence else ""

    def _commitment(self, one: Commitment) -> None:
        value = plain_number(one.value)
        qualifiers = ["分阶段"] if one.listed else []
        self._add(
            kind="time_commitment", value=value, unit=one.unit, base_value=value, base_unit=one.unit, indicator=one.what,
            qualifiers=qualifiers, start=one.start, end=one.end, confidence=SURE - Decimal("0.05"),
        )  # fmt: skip

    def _reward(self, reward: money_rules.Reward) -> None:
        amount = reward.amount
        base, value = plain_number(amount.base_value), plain_number(amount.value)
        approx = "below" if "最高" in reward.conditions and amount.approx == "exact" else amount.approx
        self._add(
            kind="policy_amount", value=value, unit=amount.unit, base_value=base, base_unit=amount.base_unit, approx=approx,
            indicator=reward.trigger, qualifiers=list(reward.conditions), start=amount.start, end=amount.end,
        )  # fmt: skip
        raw = self.reading.raw_span(amount.start, amount.end)
        self.policies.append(PolicyRule(
            reward.trigger, reward.conditions, reward.payee, reward.payer, reward.mode, base, amount.base_unit,
            f"{value}{amount.unit}", self.reading.text[reward.segment[0] : reward.segment[1]].strip(), *raw,
        ))  # fmt: skip

    def _date(self, one: periods.EventDate) -> None:
        line_start = self.plain.rfind("\n", 0, one.start) + 1
        line_end = self.plain.find("\n", one.end)
        line = self.plain[line_start : line_end if line_end > 0 else len(self.plain)]
        if _METADATA.search(line) and "。" not in line:
            return
        base = one.resolved.isoformat() if one.resolved else one.value
        self._add(
            kind="date", value=one.value, unit=one.unit, base_value=base, base_unit=one.unit, start=one.start, end=one.end,
            qualifiers=[] if one.resolved or one.unit == "月" else ["年份未给出"],
        )  # fmt: skip

    def _cells(self, cells: list[Cell]) -> None:
        for cell in cells:
            kind: Kind = "change" if re.search(r"同比|环比|增长|增幅|增速|升降", cell.header) else "metric"
            caption = "" if cell.caption == cell.row else cell.caption
            region = subjects.region_mentions(cell.row, home=self.reading.article.region_code)
            period = self.clock.of_words(cell.header) or self.clock.of_words(caption)
            identity = self.page.aliases.by_phrase(cell.header, cell.base_unit) if kind == "metric" else ""
            self._add(
                kind=kind, value=plain_number(cell.value), unit=cell.unit, base_value=plain_number(cell.base_value),
                base_unit=cell.base_unit, indicator=cell.header, indicator_id=identity, period=period,
                qualifiers=["表格", cell.row, *([caption] if caption else [])], start=cell.start, end=cell.end,
                confidence=SURE - Decimal("0.10"),
            )  # fmt: skip
            if region:
                self.figures[-1] = _at(self.figures[-1], region[0])

    def _people(self) -> None:
        on = self.today
        for one in people.people(self.plain, self.sentence.start, self.sentence.end):
            roles = tuple(PersonRole(title, body) for title, body in one.roles)
            raw = self.reading.raw_span(one.start, one.end)
            known = next((at for at, person in enumerate(self.people) if person.name == one.name), None)
            if known is not None:
                former = self.people[known]
                merged = tuple(dict.fromkeys((*former.roles, *roles)))
                self.people[known] = Person(
                    former.name,
                    merged,
                    former.on,
                    former.sentence,
                    former.start,
                    former.end,
                    former.confidence,
                )
                continue
            sure = SURE if one.sure else SURE - Decimal("0.15")
            sentence = self.reading.text[self.sentence.start : self.sentence.end].strip()
            self.people.append(Person(one.name, roles, on, sentence, *raw, sure))


def _masked(plain: str, times: list[periods.Mention]) -> str:
    parts = list(plain)
    for one in times:
        if not one.compared:
            parts[one.start : one.end] = "\x00" * (one.end - one.start)
    return "".join(parts)


def _no_amount(span: tuple[int, int]) -> Amount:
    return Amount(*span, span[1], span[0], Decimal(0), "", Decimal(0), "", "exact")


def _at(figure: Figure, place: subjects.Mention) -> Figure:
    return replace(figure, region=place.name, region_code=place.code, subject=place.name)
