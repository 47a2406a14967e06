"""The offices of the loop, a session with two speakers, and short ways along the road of an item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from zhicheng.apps.accounts.public import User, set_city
from zhicheng.apps.accounts.testing import make_user
from zhicheng.apps.consultation import actions
from zhicheng.apps.consultation.models import Item, Participant, Session, Speech
from zhicheng.apps.consultation.supervising import QUESTIONS

DAY = date(2025, 5, 7)
WORDS = "出口商标在境外被人抢先注册，请市里帮助应对。\n希望增加一台新材料检验设备。\n感谢各部门的支持。"
MORE = "境外商标被抢注，我们也遇到了，维权费用太高。"


def day(count: int) -> date:
    """The day so many days after the session."""
    return DAY + timedelta(days=count)


@dataclass(frozen=True)
class Offices:
    """One person in each office, a second unit, and the same offices of another city."""

    cppcc: User
    leader: User
    supervision: User
    unit: User
    other_unit: User
    bureau: User
    cppcc_two: User
    far_cppcc: User
    far_supervision: User
    far_unit: User


@pytest.fixture
def offices(db):
    set_city(region_code="370700", name="潍坊市", opens_on=date(2025, 12, 16))
    return Offices(
        cppcc=make_user("zhengxie", "cppcc", "370700"),
        leader=make_user("mishu", "leader", "370700"),
        supervision=make_user("dukao", "supervision", "370700"),
        unit=make_user("shichang", "department", "370700", department="市市场监管局"),
        other_unit=make_user("shangwu", "department", "370700", department="市商务局"),
        bureau=make_user("jingban", "city_officer", "370700", department="市市场监管局"),
        cppcc_two=make_user("zhengxie2", "cppcc", "370700"),
        far_cppcc=make_user("yizhengxie", "cppcc", "500100"),
        far_supervision=make_user("yidukao", "supervision", "500100"),
        far_unit=make_user("yiju", "department", "500100", department="异地知识产权局"),
    )


@dataclass
class Road:
    """A session and the offices, with one word for each stretch of the road."""

    offices: Offices
    session: Session
    speakers: list[Participant]
    speeches: list[Speech]

    def find(self, words: str, speech: int = 0) -> dict:
        text = self.speeches[speech].text
        start = text.index(words)
        return {"speech": self.speeches[speech], "start": start, "end": start + len(words)}

    def take(
        self, words: str, *, speech: int = 0, kind: str = "problem", title: str = "", joins: str = ""
    ) -> Item:
        return actions.take_up(
            **self.find(words, speech),
            kind=kind,
            title=title or words[:20],
            on=DAY,
            by=self.offices.cppcc,
            joins=joins,
        )

    def settle(self) -> tuple[Item, Item]:
        """Give every passage a fate: a problem of two speakers, a suggestion of one."""
        problem = self.take(WORDS.splitlines()[0], title="境外商标被抢注")
        suggestion = self.take(WORDS.splitlines()[1], kind="suggestion", title="增加检验设备")
        actions.set_aside(**self.find("感谢各部门的支持。"), reason="致谢", by=self.offices.cppcc)
        self.take(MORE, speech=1, joins=problem.number)
        return problem, suggestion

    def submit(self) -> tuple[Item, Item]:
        problem, suggestion = self.settle()
        for kind in ("problem", "suggestion"):
            actions.submit_list(session=self.session, kind=kind, on=day(2), by=self.offices.cppcc)
        return Item.objects.get(pk=problem.pk), Item.objects.get(pk=suggestion.pk)

    def in_hand(self) -> Item:
        problem, _ = self.submit()
        actions.instruct(
            items=[problem.number], text="请市场监管局研究办理。", leader="市委主要负责同志", on=day(5),
            by=self.offices.leader,
        )  # fmt: skip
        return actions.assign(
            item=problem.number,
            lead_unit="市市场监管局",
            assisting="市商务局",
            on=day(6),
            by=self.offices.supervision,
        )

    def answered(self, item: Item | None = None, on: int = 30) -> Item:
        item = item or self.in_hand()
        return actions.answer(
            item=item.number, text="已建立境外商标监测，并为三家企业出具应对方案。", not_done="费用补助尚未列入预算。",
            signed_by="局长", evidence="市监函〔2025〕1号", on=day(on), by=self.offices.unit,
        )  # fmt: skip

    def checked(self, item: Item | None = None, on: int = 31) -> Item:
        item = self.answered(item, on - 1)
        return actions.check(
            item=item.number, passed=QUESTIONS, text="", on=day(on), by=self.offices.supervision
        )

    def judged(self, value: str = "satisfied") -> Item:
        item = self.checked()
        for one in self.speakers:
            item = actions.judge(
                speaker=one, item=item.number, value=value, text="费用问题没有办", on=day(40)
            )
        return item

    def closed(self) -> Item:
        return actions.close(item=self.judged().number, on=day(45), by=self.offices.supervision)


@pytest.fixture
def road(offices):
    session = actions.open_session(
        number="2025-01", topic="标准与知识产权", held_on=DAY, region_code="370700", research="走访二十家企业",
        by=offices.cppcc,
    )  # fmt: skip
    speakers = [
        actions.add_participant(
            session=session, kind="entrepreneur", title=title, email=email, by=offices.cppcc
        )
        for title, email in (("文具企业负责人", "wenju@example.com"), ("新材料企业负责人", ""))
    ]
    speeches = [
        actions.add_speech(session=session, speaker=one, text=text, by=offices.cppcc)
        for one, text in zip(speakers, (WORDS, MORE), strict=True)
    ]
    return Road(offices, session, speakers, speeches)
