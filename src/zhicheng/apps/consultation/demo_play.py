"""Plays a consultation through the whole loop in the demo city: every step an action of the room, on its own day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

import click

from zhicheng.apps.accounts.public import User
from zhicheng.apps.consultation import actions
from zhicheng.apps.consultation.demo_words import EARLIER, JOINT, SPEECHES, Said
from zhicheng.apps.consultation.links import link_address
from zhicheng.apps.consultation.models import Item, Participant, RegionGroup, Session, Speech
from zhicheng.apps.consultation.supervising import QUESTIONS

HELD = date(2025, 5, 20)
REGION, OTHER = "370700", "370200"
BUREAU, SCIENCE, TRADE = "市市场监管局", "市科技局", "市商务局"


def day(count: int) -> date:
    """Return the day so many days after the session."""
    return HELD + timedelta(days=count)


@dataclass
class Play:
    """The cast by short name, and the items by theirs."""

    cast: dict[str, User]
    items: dict[str, Item] = field(default_factory=dict)
    speakers: dict[str, list[Participant]] = field(default_factory=dict)

    def number(self, key: str) -> str:
        """Return the number of an item."""
        return self.items[key].number

    def hold(self, number: str, topic: str, held_on: date, speeches: tuple[Said, ...], research: str = "", group: RegionGroup | None = None) -> Session:  # fmt: skip
        """Hold a session: speakers, speeches, and a fate for every passage."""
        cppcc = self.cast["cppcc"]
        session = actions.open_session(
            number=number, topic=topic, held_on=held_on, region_code=REGION, research=research, group=group,
            synthetic=True, by=cppcc,
        )  # fmt: skip
        later: list[tuple[Said, Participant, Speech, str]] = []
        for said in speeches:
            person = actions.add_participant(
                session=session, kind=said.kind, title=said.title, email=said.email, by=cppcc
            )
            speech = actions.add_speech(
                session=session,
                speaker=person,
                text=said.text,
                reply=said.reply,
                recording="演示录音",
                by=cppcc,
            )
            for words, reason in said.aside:
                start = speech.text.index(words)
                actions.set_aside(speech=speech, start=start, end=start + len(words), reason=reason, by=cppcc)
            later += [(said, person, speech, one.words) for one in said.taken]
        # Items of their own first, so that what joins them finds them.
        for own in (True, False):
            for said, person, speech, words in later:
                taken = next(one for one in said.taken if one.words == words)
                if bool(taken.title) is not own:
                    continue
                start = speech.text.index(words)
                key = taken.key or taken.joins
                item = actions.take_up(
                    speech=speech, start=start, end=start + len(words), kind=taken.kind, title=taken.title,
                    joins="" if own else self.number(key), on=held_on + timedelta(days=1), by=cppcc,
                )  # fmt: skip
                self.items[key] = item
                self.speakers.setdefault(key, []).append(person)
        return session

    def submit(self, session: Session, kind: str, on: date) -> None:
        """Submit one of the two lists."""
        actions.submit_list(session=session, kind=kind, on=on, by=self.cast["cppcc"])

    def instruct(self, keys: tuple[str, ...], text: str, on: date) -> None:
        """Record the leader's instruction."""
        numbers = [self.number(one) for one in keys]
        actions.instruct(items=numbers, text=text, leader="市委主要负责同志", on=on, by=self.cast["leader"])

    def assign(self, key: str, lead: str, given: int, due: int, *, assisting: str = "", rhythm: str = "monthly", why: str = "") -> None:  # fmt: skip
        """Hand an item out."""
        actions.assign(
            item=self.number(key), lead_unit=lead, assisting=assisting, due_on=day(due), rhythm=rhythm, why=why,
            on=day(given), by=self.cast["supervision"],
        )  # fmt: skip

    def report(self, key: str, on: int, text: str, kind: str = "progress") -> None:
        """Report for the lead unit."""
        actions.report(
            item=self.number(key), kind=kind, text=text, evidence="演示台账", on=day(on), by=self._unit(key)
        )

    def answer(self, key: str, on: int, text: str, not_done: str = "") -> None:
        """Answer for the lead unit, and let the supervision office check it two days later."""
        number = self.number(key)
        actions.answer(
            item=number, text=text, not_done=not_done, evidence=f"演示文号〔2025〕{on}号", signed_by="单位负责人",
            on=day(on), by=self._unit(key),
        )  # fmt: skip
        actions.check(
            item=number, passed=QUESTIONS, text="六问通过", on=day(on + 2), by=self.cast["supervision"]
        )

    def judge(self, key: str, on: int, value: str, text: str = "", *, only: int | None = None) -> None:
        """Let the speakers of an item judge it."""
        for person in self.speakers[key][:only]:
            actions.judge(speaker=person, item=self.number(key), value=value, text=text, on=day(on))

    def close(self, key: str, on: int) -> None:
        """Strike an item off."""
        actions.close(
            item=self.number(key), why="发言人已评价，同意销号", on=day(on), by=self.cast["supervision"]
        )

    def _unit(self, key: str) -> User:
        """Return the demo department's person, acting for the unit that leads."""
        person = self.cast["department"]
        lead = Item.objects.values_list("lead_unit", flat=True).get(pk=self.items[key].pk)
        return person if person.department == lead else _in_unit(person, lead)


def _in_unit(person: User, unit: str) -> User:
    """Return the same person as if working for another unit: one demo account plays every department."""
    twin = User.objects.get(pk=person.pk)
    twin.department = unit
    return twin


def play(cast: dict[str, User]) -> None:
    """Play the demo's sessions; where they stand already nothing happens."""
    if Session.objects.filter(number=f"{REGION}-2025-01").exists():
        return
    scene = Play(cast)
    _before(scene)
    session = scene.hold(
        "2025-01", "品牌质量标准与知识产权（演示）", HELD, SPEECHES,
        research="演示：年初走访企业与院所，整理出渠道、标准、检验、转化、申报、维权六类反映。",
    )  # fmt: skip
    scene.submit(session, "problem", day(3))
    scene.submit(session, "suggestion", day(3))
    scene.instruct(
        ("overseas", "standards", "testing", "assess", "burden", "filing", "aid"),
        "逐项研究，拿出办法，融入工作。（演示）",
        day(8),
    )
    _re_opened(scene)
    _became_a_clause(scene)
    _parked(scene)
    _still_on_the_way(scene)
    _told_and_looked_at_again(scene)
    _pledge_and_joint(scene, session)
    click.echo(f"发言人专属页面（演示）：{link_address(scene.speakers['overseas'][0])}")


def _before(scene: Play) -> None:
    """A year earlier somebody raised what will come back."""
    session = scene.hold("2024-01", "外贸企业座谈（演示）", day(-360), (EARLIER,))
    scene.submit(session, "problem", day(-355))
    scene.instruct(("before",), "请研办。（演示）", day(-350))
    scene.assign("before", BUREAU, -348, -260)
    scene.answer("before", -280, "编印海外维权指引并发到外贸企业。", "没有费用补助。")
    scene.judge("before", -270, "fair", "有指引了，费用还是老问题")
    scene.close("before", -265)


def _re_opened(scene: Play) -> None:
    scene.assign("overseas", TRADE, 10, 100, assisting=BUREAU)
    scene.report("overseas", 40, "走访八家龙头企业，形成共用平台需求清单。")
    scene.answer("overseas", 80, "召开推介会一场，发布海外参展目录。", "共用平台尚未立项。")
    scene.judge("overseas", 90, "dissatisfied", "要的是大家能用的平台，不是再开一场推介会")
    scene.report("overseas", 120, "确定由两家龙头企业牵头，仓储和售后网点先共用。")
    scene.answer(
        "overseas",
        160,
        "两家龙头企业牵头的海外共用仓已开通三处，首批二十家中小企业入驻。",
        "展示中心预计明年建成。",
    )
    scene.judge("overseas", 170, "satisfied", "这回是真办了")
    scene.close("overseas", 175)


def _became_a_clause(scene: Play) -> None:
    scene.assign("standards", BUREAU, 10, 120)
    scene.report("standards", 50, "选出首批培育企业十家。")
    scene.answer(
        "standards", 100, "印发分步培育方案，头一年、三年、五年的数目和责任单位写明，奖励写进政策条款。"
    )
    scene.judge("standards", 110, "satisfied")
    scene.close("standards", 115)
    link = actions.propose_policy_link(
        item=scene.number("standards"), clause="weifang.mayor_quality_award", indicator="standards_leaders",
        note_text="演示：由政协办公室提出，市局核对", on=day(120), by=scene.cast["cppcc"],
    )  # fmt: skip
    actions.decide_policy_link(link=link.pk, confirmed=True, on=day(122), by=scene.cast["officer"])


def _parked(scene: Play) -> None:
    scene.assign("testing", BUREAU, 10, 100)
    scene.report("testing", 60, "设备资金已列入明年预算建议。")
    scene.report("testing", 95, "用地指标须省里统筹，本市今年没有余量，难以按期。", "inability")
    actions.park(
        item=scene.number("testing"), why="用地指标由省里统筹，已随明年计划上报；设备先行，每季度报告一次。",
        on=day(99), by=scene.cast["supervision"],
    )  # fmt: skip


def _still_on_the_way(scene: Play) -> None:
    scene.assign("assess", SCIENCE, 12, 180)
    scene.report("assess", 60, "征求十二家院所意见。")
    scene.assign("burden", SCIENCE, 12, 190, assisting=BUREAU)
    scene.answer(
        "burden",
        180,
        "尽职免责清单已印发，转化合同示范文本和一次办流程上线。",
        "国有资产评估备案的简化还要等省里细则。",
    )
    scene.assign("aid", TRADE, 10, 215, assisting=BUREAU, rhythm="weekly")
    scene.assign("aid", BUREAU, 15, 215, assisting=TRADE, rhythm="weekly", why="维权援助归知识产权部门")
    scene.report("aid", 200, "维权援助点已在三个园区试点，先做可行性研判再决定是否起诉。")
    proposal = (
        Item.objects.get(pk=scene.items["aid"].pk).recurrences.filter(earlier=scene.items["before"]).first()
    )
    if proposal is not None:
        actions.decide_recurrence(proposal=proposal.pk, same=True, on=day(5), by=scene.cast["cppcc"])


def _told_and_looked_at_again(scene: Play) -> None:
    scene.assign("filing", BUREAU, 10, 90, rhythm="weekly")
    scene.report("filing", 30, "编好申报辅导课表，预审进度每周公布。")
    scene.answer("filing", 70, "上门辅导四十家小企业，预审平均用时和排队数每周公布。")
    scene.judge("filing", 80, "fair", "时间表有了，辅导还想多几次")
    scene.close("filing", 85)
    for drawn in actions.draw_sample(region=REGION, count=1, since=HELD, on=day(190), seed="演示种子 20251126", by=scene.cast["cppcc"]):  # fmt: skip
        actions.verify(
            verification=drawn.pk, finding="true", text="电话问了发言人和两家企业，与答复一致。", on=day(195),
            by=scene.cast["cppcc"],
        )  # fmt: skip
    for person in {one.pk: one for each in scene.speakers.values() for one in each}.values():
        if person.session.number.endswith("2025-01"):
            actions.write_summary(speaker=person, on=day(200), by=scene.cast["cppcc"])


def _pledge_and_joint(scene: Play, session: Session) -> None:
    pledge = actions.add_task(
        session=session, kind="pledge", title="年内把预审平均用时压到规定时间以内", text="会上表态（演示）。",
        measure="全年预审平均用时不超过公布的时限", on=day(1), by=scene.cast["cppcc"],
    )  # fmt: skip
    actions.assign(
        item=pledge.number, lead_unit=BUREAU, due_on=day(225), on=day(5), by=scene.cast["supervision"]
    )
    group = actions.form_group(
        code="demo-two-cities",
        name="演示两地协同组",
        regions=[REGION, OTHER],
        synthetic=True,
        by=scene.cast["cppcc"],
    )
    joint = scene.hold("2025-02", "两地知识产权服务协同（演示）", day(140), (JOINT,), group=group)
    scene.submit(joint, "suggestion", day(143))
    scene.instruct(("mutual",), "请与邻市商量。（演示）", day(150))
    actions.propose_transfer(
        item=scene.number("mutual"), to_region=OTHER, why="园区管委会注册在邻市（演示）", on=day(155),
        by=scene.cast["supervision"],
    )  # fmt: skip
