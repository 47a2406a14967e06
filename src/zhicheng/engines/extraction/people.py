"""People with their roles: 某市知识产权局党组书记、局长赵某; one person may bear several titles."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
    "康易乔赖牛洪殷庄章鲁倪柯温关申欧樊穆尤柳翁阮纪祝盛童岳齐梅单耿解童涂舒辛管焦柏卫左吉饶甘车简闻门郎鲍裴费凌霍虞房左谷游娄瞿席鞠邢滕冉宁翟路季俞聂葛班仲伍晏霍郁桑桂牟阎植党屈项祁缪骆戚"
)  # fmt: skip
_COMPOUND = "欧阳|上官|司马|诸葛|夏侯|东方|皇甫|尉迟|公孙|慕容|令狐|司徒"
_TITLE = (
    "党组书记|党委书记|副书记|书记|代省长|副省长|省长|副市长|市长|副县长|县长|副区长|区长|副主席|主席|副秘书长|秘书长|副部长|部长|副局长|局长|副厅长|厅长|副主任委员|主任委员|副主任|主任|主委|副主委|"
    "副董事长|董事长|副总经理|总经理|总裁|副总裁|总监|总工程师|总干事|院长|副院长|所长|副所长|校长|副校长|行长|副行长|会长|副会长|理事长|副理事长|处长|副处长|科长|副科长|庭长|副庭长|首席专家|研究员|教授|副教授|院士|工程师|负责人|常委|委员|代表|总理|副总理|审判员|审查员|调解员|律师|经理|厂长"
)
_ROLE = re.compile(rf"(?:{_TITLE})")
_PERSON = re.compile(
    rf"(?P<roles>(?:[\u4e00-\u9fff（）()\"“”]{{0,30}}?(?:{_TITLE})[、,，]?\s?){{1,5}})(?P<name>(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}})"
)
_REPORTER = re.compile(
    rf"(?P<title>见习记者|记者|通讯员|编辑|作者)[:：\s]\s?(?P<names>[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?:[\s、][{_SURNAMES}][\u4e00-\u9fff]{{1,2}})*)(?=[\s)）,，。:：]|$|摄|通讯)"
)
_FOLLOWS = re.compile(
    r"^(?:[，,、。；;：:）)（(”“\s]|$|在|出席|主持|表示|介绍|说|指出|强调|提出|认为|讲话|致辞|作|就|则|也|希望|宣布|率|参加|陪同|边|重点|对|从|向|与|和|及|分享|透露|考察|会见|回应|代表|宣读|围绕|通报|到|等|将|为|还|更|会|同|告诉|带队|主题|一行|于|今|昨|分别|被|获)"
)
_NAME_STOP = re.compile(r"[的了在出主表介说指强提认讲致作就则也希宣率参陪边重对从向与和及等将为还更会同、，]")
_BODY = re.compile(r"[校院所局厅企]")
# 某市委副书记、市长: the second title is not one of the party body
_PARTY = re.compile(r"(?:党组|党委|(?<=[省市县区州])委)$")
_PARTY_TITLES = ("书记", "常委", "委员")
_STARTS = re.compile(r"^(?:[，,、。；;]|其中|同时|以及|和|与|由|据|对|向|在|年|月|日|原|时任|现任)+")


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A name with the titles that stand before it: (title, organisation)."""

    name: str
    start: int
    end: int
    roles: tuple[tuple[str, str], ...]
    sure: bool


def people(plain: str, start: int, end: int) -> list[NamedPerson]:
    """People named with a title in one sentence."""
    found: list[NamedPerson] = []
    for m in _PERSON.finditer(plain, start, end):
        name, sure = _name(plain, m)
        roles = _roles(m["roles"])
        if name and roles:
            found.append(NamedPerson(name, m.start("name"), m.start("name") + len(name), roles, sure))
    for m in _REPORTER.finditer(plain, start, end):
        at = m.start("names")
        for word in re.finditer(r"[^\s、]+", m["names"]):
            found.append(
                NamedPerson(word.group(), at + word.start(), at + word.end(), ((m["title"], ""),), sure=True)
            )
    return found


def _name(plain: str, m: re.Match[str]) -> tuple[str, bool]:
    """Two or three characters: what may follow a name decides, then whether the whole name comes again."""
    name = m["name"]
    at = m.start("name")
    for length in (len(name), len(name) - 1):
        if length < 2:
            continue
        given = name[:length]
        if _FOLLOWS.match(plain[at + length : at + length + 4]) and not _NAME_STOP.search(given[1:]):
            return given, True
    if not _NAME_STOP.search(name[1:]) and not _BODY.search(name) and plain.count(name) > 1:
        return name, False
    return "", False


def _roles(words: str) -> tuple[tuple[str, str], ...]:
    """Split `某市委副书记、市长` into titles; the body named first holds until the next one is named."""
    roles: list[tuple[str, str]] = []
    body = ""
    for part in re.split(r"[、,，]", words):
        titles = list(_ROLE.finditer(part))
        if not titles:
            continue
        last = titles[-1]
        own = _STARTS.sub("", part[: last.start()]).strip(' “”"')
        own = re.sub(r"^.*(?:[出列]席|以及|会上|市民|他说|(?<![自缘理])由(?!贸))", "", own)
        if own:
            body = own
        party = last.group().endswith(_PARTY_TITLES)
        roles.append((last.group(), body if own or party else _PARTY.sub("", body)))
    return tuple(roles)
