"""What a text says about itself: publisher, dates, author, region; nothing that it does not say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from zhicheng.engines.extraction.boilerplate_words import LABEL
from zhicheng.engines.extraction.dates import FULL, MONTH_DAY, YEAR, full_date, last_before, real_day
from zhicheng.engines.extraction.document import Article
from zhicheng.engines.extraction.places import name_of, subject
from zhicheng.engines.extraction.source_text import Declared

_HAN = "\u4e00-\u9fff"
_SOURCE = re.compile(r"(?:文章|信息|稿件|新闻)?(?:来源|稿源)\s*[:：]\s*")
_MEDIUM_LINE = re.compile(rf"[《(（]\s*([{_HAN}A-Za-z·]{{2,16}})\s*[》)）]")
_WIRE = r"(?:[0-9]{1,2}月)?[0-9]{1,2}日(?:电|讯|消息|报道)"
_DATELINE = re.compile(
    rf"\s*[(（\[【]?(?P<medium>[{_HAN}A-Za-z·]{{2,12}}?(?:社|网|报|新闻|客户端|在线|日报|晚报|电视台|融媒))(?P<place>[{_HAN}]{{2,6}})?"
    rf"(?:{_WIRE}|讯|消息|[)）\]】]|\s*[(（](?:记者|新闻联播)|记者)"
)
_ROLES = re.compile(r"记者|通讯员|特派员|撰文|作者|撰稿人?|文[/／]|摄影|报道|编辑|图[/／]|摄|[:：]")
_WRITES = ("记者", "通讯员", "特派员", "撰文", "作者", "撰稿", "撰稿人", "文/", "文／")
_NAME_BREAK = re.compile(r"[ \u3000、,，/|｜]+")
# words that follow 记者 in running text where no name does
_NO_NAME = re.compile(
    r"从|获悉|在|了解|采访|见|发布|昨|今|近日|日前|近|和|与|随|走|注意|看|对|问|表示|介绍|提问|来源|时间|日期|发表|更新|审核|未知|佚名|本站|管理员"
)
_LEAD = 3
_NATION = re.compile(r"我国|全国|中国|国家")
_SOON = re.compile(r"近日|日前|近期|前不久|不久前")
_AHEAD = re.compile(r"(?:(?<![年截])[到至]|力争|争取)$")
_DEADLINE = re.compile(r"年(?:年?底)?(?:前|之前|以前|将|力争|实现|建成|基本|目标|远景)")
_CLEAR = re.compile(r"[\s|丨]+$")
_SPAN_AFTER = re.compile(r"\s*(?:至|到|起|前|以前|之前|止|[-—~～])")


def describe(title: str, imprint: Sequence[str], paragraphs: Sequence[str], declared: Declared) -> Article:
    """Gather the article's particulars.

    Args:
        title: the headline, empty when there is none.
        imprint: lines that tell source, date, author.
        paragraphs: the body, repaired.
        declared: what a page's head declares; it only fills what the text leaves open.
    """
    opened = [(text, found) for text in paragraphs[:_LEAD] if (found := _DATELINE.match(text))]
    lead, dateline = opened[0] if opened else ("", None)
    publisher = _publisher(imprint) or declared.publisher or (dateline["medium"] if dateline else "")
    published = _published(imprint, lead) or declared.published_on
    event, year, reason = _event(paragraphs[:_LEAD], paragraphs, title, published)
    code = _region(title, publisher, dateline["place"] if dateline else "", paragraphs)
    return Article(
        title=title,
        publisher=publisher if publisher != "本报" else "",
        published_on=published,
        author=_author(imprint, paragraphs) or declared.author,
        region=name_of(code),
        region_code=code,
        event_on=event,
        year=year,
        year_reason=reason,
    )


def _publisher(imprint: Sequence[str]) -> str:
    for line in imprint:
        found = _SOURCE.search(line)
        if found:
            rest = line[found.end() :]
            label = LABEL.search(rest)
            rest = rest[: label.start()] if label else rest
            words = re.split(r"\s{2,}|[|｜]|\s(?=[0-9分打字浏])", rest.strip())[0]
            if words.strip(" -·"):
                return _CLEAR.sub("", _unbracketed(words))[:60]
    for line in imprint:
        dateline = _DATELINE.match(line)
        if dateline:
            return dateline["medium"]
        medium = _MEDIUM_LINE.fullmatch(line.strip())
        if medium:
            return medium[1]
    return ""


def _unbracketed(words: str) -> str:
    """A name out of brackets around the whole of it; brackets that belong to the name stay."""
    plain = words.strip("[]【】 ")
    whole = plain[:1] in "(（" and plain[-1:] in ")）"
    loose = plain.count("(") + plain.count("（") != plain.count(")") + plain.count("）")
    return plain.strip("() （）") if whole or loose else plain


def _published(imprint: Sequence[str], dateline: str) -> date | None:
    for line in imprint:
        day = full_date(line)
        if day:
            return day
    wire = FULL.search(dateline[:60])
    after = dateline[wire.end() :][:2] if wire else ""
    return full_date(wire[0]) if wire and after[:1] in ("电", "讯", "消", "报") else None


def _author(imprint: Sequence[str], paragraphs: Sequence[str]) -> str:
    """Reporters named in the imprint, after the dateline, or in brackets at the end."""
    ends = [text[:80] for text in paragraphs[:_LEAD]] + [text[-60:] for text in paragraphs[-1:]]
    for text in (*imprint, *ends):
        bracket = re.findall(r"[(（]([^()（）]{2,60})[)）]", text) if text in ends else [text]
        for words in bracket:
            names = _names(words)
            if names:
                return names
    return ""


def _names(words: str) -> str:
    """The names after words such as 记者; in running text what follows them is no name and ends the search."""
    found: list[str] = []
    marks = [*_ROLES.finditer(words)]
    for at, mark in enumerate(marks):
        before = marks[at - 1] if at else None
        after_colon = mark[0] in ":：" and before is not None and before.end() == mark.start()
        if not (mark[0] in _WRITES or (after_colon and before is not None and before[0] in _WRITES)):
            continue
        end = marks[at + 1].start() if at + 1 < len(marks) else len(words)
        for name in filter(None, _NAME_BREAK.split(words[mark.end() : end])):
            if not re.fullmatch(rf"[{_HAN}·]{{2,6}}", name) or _NO_NAME.match(name):
                break
            found.append(name)
    return "、".join(dict.fromkeys(found))


def _event(
    lead: Sequence[str], body: Sequence[str], title: str, published: date | None
) -> tuple[date | None, int | None, str]:
    """The day of the event, its year, and where the year comes from."""
    for text in (title, *lead):
        full = FULL.search(text)
        part = _first_day(text)
        if full and (part is None or full.start() < part[0]):
            day = full_date(full[0])
            if day:
                return day, day.year, f"文中写明“{full[0]}”"
        if part is None:
            continue
        _, month, number, words = part
        if published:
            day = last_before(month, number, published)
            reason = f"文中只写“{words}”；取不晚于发布日期 {published} 的最近一个"
            return day, (day or published).year, reason
        return None, None, f"文中只写“{words}”，没有年份。{_guess(body, month, number)}"
    if published:
        soon = next((one[0] for text in lead if (one := _SOON.search(text))), "")
        words = f"文中只写“{soon}”，事件日期不明；" if soon else "文中没有事件日期；"
        return None, published.year, f"{words}年份取自发布日期 {published}"
    return None, None, f"文中没有事件日期和年份。{_guess(body, 0, 0)}"


def _first_day(text: str) -> tuple[int, int, int, str] | None:
    """The first day without a year that is not the dateline's and not a deadline."""
    dateline = _DATELINE.match(text)
    wire = 0
    if dateline:
        told = re.compile(_WIRE).search(text, 0, dateline.end())
        wire = told.end() if told else 0
    for one in MONTH_DAY.finditer(text, wire):
        if not _SPAN_AFTER.match(text, one.end()) and text[one.end() : one.end() + 1] not in ("电", "讯"):
            return one.start(), int(one[1]), int(one[2]), one[0]
    return None


def _guess(body: Sequence[str], month: int, day: int) -> str:
    """A guess, labelled: the event is no earlier than the latest year the text speaks of."""
    # a year that a plan reaches for lies ahead of the text
    years = sorted(
        {
            int(one[1])
            for text in body
            for one in YEAR.finditer(text)
            if not _AHEAD.search(text[max(0, one.start() - 6) : one.start()])
            and not _DEADLINE.match(text, one.end())
        }
    )
    if not years:
        return "文中也没有提到其他年份，年份未知。"
    latest = years[-1]
    months = [
        int(one[2])
        for text in body
        for one in re.finditer(r"(?<![0-9])((?:19|20)[0-9]{2})年(1[0-2]|0?[1-9])月", text)
        if int(one[1]) == latest
    ]
    guess = latest
    if month and months and month < max(months):
        guess = latest + 1
    if month and real_day(guess, month, day) is None:
        return "年份未知。"
    return f"推测为 {guess} 年（仅供参考）：文中提到的最晚时间是 {latest} 年{f' {max(months)} 月' if months else ''}。"


def _region(title: str, publisher: str, place: str | None, paragraphs: Sequence[str]) -> str:
    lead = paragraphs[:1]
    rest = paragraphs[1:]
    parts = [(title, 5.0), (publisher, 3.0), (place or "", 3.0)]
    parts += [(text[:200], 2.0) for text in lead]
    parts += [(text[200:], 1.0) for text in lead]
    parts += [(text, 1.0) for text in rest]
    return subject(parts, nation=sum(len(_NATION.findall(text)) for text in paragraphs))
