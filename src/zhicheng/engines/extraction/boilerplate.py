"""The article against what stands around it: menus, credits, captions, other articles, advertisements, spam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from zhicheng.engines.extraction import boilerplate_words as words
from zhicheng.engines.extraction.lines import Line, bigrams, ends_sentence

IMPRINT = "发布信息，已记入文章信息"
_TITLE_LONGEST = 80
_SHARED_BY_TITLE = 0.3
_SHARED_BY_BODY = 0.3
_RESTATED = 0.6
_TABLE = 5
_SAME_TITLE = 0.75


@dataclass
class Layout:
    """Which line is what.

    Args:
        lines: every line of the text.
        cuts: index of a line → kind and reason of its cut.
        title: index of the headline, None without one.
        title_end: length of the headline inside its line, where a page title carries the site's name.
    """

    lines: list[Line]
    cuts: dict[int, tuple[str, str]] = field(default_factory=dict)
    title: int | None = None
    title_end: int | None = None

    def kept(self) -> list[int]:
        """The lines of the article in order, the headline among them."""
        return [at for at in range(len(self.lines)) if at not in self.cuts]

    def imprint(self) -> list[str]:
        """The lines that tell source, date and author."""
        return [self.lines[at].text for at, (_, reason) in self.cuts.items() if reason == IMPRINT]

    def cut(self, at: int, kind: str, reason: str) -> None:
        """Cut a line, unless it is cut already."""
        self.cuts.setdefault(at, (kind, reason))


def lay_out(lines: Sequence[Line]) -> Layout:
    """Tell the article's lines from the others; what nothing speaks against stays."""
    layout = Layout([part for line in lines for part in _parts(line)])
    for at, line in enumerate(layout.lines):
        found = _by_itself(line)
        if found:
            layout.cut(at, *found)
    _cut_other_articles(layout)
    paragraphs = [at for at in layout.kept() if is_paragraph(layout.lines[at])]
    if not paragraphs:
        _title_without_body(layout)
        return layout
    body = frozenset().union(*(bigrams(layout.lines[at].text) for at in paragraphs))
    _settle_head(layout, paragraphs[0], body)
    _settle_tail(layout, paragraphs)
    _cut_captions(layout, paragraphs)
    return layout


def is_paragraph(line: Line) -> bool:
    """Whether a line is running text: sentences, or long with pauses."""
    if line.role in ("heading", "page_title", "cell"):
        return False
    text = line.text
    if line.links > 0.8 and len(text) < 60:
        return False
    if len(text) >= 15 and ("。" in text or ends_sentence(text)) and not words.BULLET.match(text):
        return True
    return len(text) >= 50 and any(mark in text for mark in "，,；;")


def _parts(line: Line) -> list[Line]:
    """The line, divided where spam or a bracketed call was glued to the end of a paragraph."""
    text = line.text
    hits = words.spam_hits(text)
    cut = 0
    if len(hits) >= 2 and "。" in text[: hits[0]]:
        cut = text.rfind("。", 0, hits[0]) + 1
        cut += len(text[cut:]) - len(text[cut:].lstrip("”’」』）)"))
    elif text.endswith(("】", "]")):
        opened = max(text.rfind("【"), text.rfind("["))
        if opened > 0 and words.advertisement(text[opened:]):
            cut = opened
    if not 0 < cut < len(text):
        return [line]
    head, tail = text[:cut].rstrip(), text[cut:].lstrip()
    first = replace(line, end=line.start + len(head), text=head)
    return [first, replace(line, start=line.end - len(tail), text=tail)] if tail else [first]


_BY_ROLE = {
    "navigation": ("navigation", "网页结构标明为导航或页脚"),
    "related": ("related", "网页结构标明为侧栏、推荐或评论"),
    "advertisement": ("advertisement", "网页结构标明为广告"),
    "caption": ("caption", "网页结构标明为图片说明"),
}


def _by_itself(line: Line) -> tuple[str, str] | None:
    """What a line is whatever stands around it."""
    text = line.text
    hits = words.spam_hits(text)
    if len({text[at : at + 2] for at in hits}) >= 2 and ("。" not in text or len(hits) >= 4):
        return "spam", f"{len(hits)} 处色情、博彩等垃圾信息用语"
    if line.role in _BY_ROLE and not (line.role == "caption" and len(text) > 200):
        return _BY_ROLE[line.role]
    if words.advertisement(text):
        return "advertisement", "征集线索、关注、扫码或购买的广告语"
    return None if line.role in ("heading", "page_title") else _by_its_words(line)


def _by_its_words(line: Line) -> tuple[str, str] | None:
    """Menus, imprints, captions, links."""
    text = line.text
    found: tuple[str, str] | None = None
    if reason := words.menu(text, outside=False) or words.furniture(text):
        found = "navigation", reason
    elif words.imprint(text):
        found = "navigation", IMPRINT
    elif words.caption(text):
        found = "caption", "图片说明的写法"
    elif line.links > 0.9 and len(text) < 60 and not ends_sentence(text):
        found = "navigation", "整行都是链接"
    return found


def _cut_other_articles(layout: Layout) -> None:
    """Lists under headings such as 相关阅读, up to where the article goes on."""
    inside = ""
    before: frozenset[str] = frozenset()
    for at, line in enumerate(layout.lines):
        if words.related_heading(line.text):
            inside = line.text.strip("【】[]:： •·>")
            layout.cuts[at] = ("related", "其他文章列表的标题")
        elif inside and _goes_on(line, before):
            inside = ""
        if inside and at not in layout.cuts:
            teaser = len(line.text) > 40
            kind = "other_article" if teaser else "related"
            layout.cut(at, kind, f"“{inside}”之下的{'其他文章摘要' if teaser else '其他文章标题'}")
        if not inside and at not in layout.cuts and is_paragraph(line):
            before |= bigrams(line.text)


def _goes_on(line: Line, before: frozenset[str]) -> bool:
    """Whether the article itself continues after a list: a whole paragraph on the same subject."""
    if (
        words.BULLET.match(line.text)
        or len(line.text) < 60
        or not ends_sentence(line.text)
        or line.links > 0.5
    ):
        return False
    return not before or _shared(line.text, before) >= _SHARED_BY_BODY


def _settle_head(layout: Layout, first: int, body: frozenset[str]) -> None:
    """Find the headline among the lines before the first paragraph; what shares nothing with it is furniture."""
    lines = layout.lines
    head = [at for at in layout.kept() if at < first]
    for at in head:
        reason = words.menu(lines[at].text, outside=True)
        if reason and lines[at].role not in ("heading", "page_title"):
            layout.cut(at, "navigation", reason)
    head = [at for at in head if at not in layout.cuts]
    pages = [at for at in head if lines[at].role == "page_title"]
    headings = [at for at in layout.kept() if lines[at].role == "heading"]
    page = lines[pages[0]].text if pages else ""
    chosen = _same_as(page, lines, headings) if page else None
    if chosen is None and len(headings) == 1 and _shared(lines[headings[0]].text, body) >= _SHARED_BY_TITLE:
        chosen = headings[0]
    if chosen is None and page:
        chosen = _same_as(page, lines, [at for at in head if at not in pages])
    if chosen is None:
        chosen = _best_title(layout, [at for at in head if at not in pages], body)
    if chosen is None and page and _shared(page, body) >= _SHARED_BY_TITLE:
        chosen = pages[0]
        layout.title_end = len(_without_site(page))
    layout.title = chosen
    for at in pages:
        if at != chosen:
            layout.cut(
                at, "navigation", "网页标题，正文另有标题" if chosen is not None else "网页标题，不是文章标题"
            )
    _settle_rest_of_head(layout, [at for at in head if at not in layout.cuts], body)


def _settle_rest_of_head(layout: Layout, head: list[int], body: frozenset[str]) -> None:
    """Lines around the headline stay if they speak of the same; those before it hardly ever do."""
    run = _table_lines(layout.lines, head)
    for at in head:
        if at == layout.title or at in run:
            continue
        needed = _SHARED_BY_TITLE if layout.title is None or at > layout.title else 0.7
        if _shared(layout.lines[at].text, body) < needed:
            layout.cut(at, "navigation", "正文之前、与正文没有共同内容的短行")


def _best_title(layout: Layout, head: list[int], body: frozenset[str]) -> int | None:
    """The line before the text that shares most with it; the earlier one of two equally good."""
    best: tuple[float, int] | None = None
    lines = layout.lines
    imprint = {at for at, (_, reason) in layout.cuts.items() if reason == IMPRINT}
    for at in head:
        text = lines[at].text
        if not 5 <= len(text) <= _TITLE_LONGEST or (ends_sentence(text) and text[-1] in "。；;"):
            continue
        if words.UNIT_LINE.match(text):
            continue
        shared = _shared(text, body)
        # a headline is a clause, not a word; a subtitle shares as much but comes second
        score = shared * min(len(text), 14) / 14 + (0.3 if lines[at].role == "heading" else 0.0)
        # right above source and date stands the headline, also where the body is a table
        if at + 1 in imprint and len(text) >= 8:
            shared, score = max(shared, _SHARED_BY_TITLE), score + 0.3
        if shared >= _SHARED_BY_TITLE and (best is None or score > best[0] + 0.15):
            best = (score, at)
    return best[1] if best else None


def _same_as(page: str, lines: Sequence[Line], found: list[int]) -> int | None:
    """The heading that the page title repeats."""
    squeezed = "".join(page.split())
    for at in found:
        text = "".join(lines[at].text.split())
        if len(text) >= 5 and text in squeezed:
            return at
    return None


def _without_site(page: str) -> str:
    """A page title without the name of the site behind it."""
    cut = len(page)
    for mark in ("_", "|", "｜", " - ", "--", "—"):
        at = page.find(mark)
        if at >= 8:
            cut = min(cut, at)
    return page[:cut].rstrip(" -—_|｜")


def _settle_tail(layout: Layout, paragraphs: list[int]) -> None:
    """After the imprint that closes an article only the same subject goes on; short remnants go."""
    lines = layout.lines
    closed = False
    subject: frozenset[str] = frozenset()
    last = _last_of_article(layout, paragraphs)
    for at in range(paragraphs[0], len(lines)):
        if at in layout.cuts:
            closed = closed or (bool(subject) and layout.cuts[at][1] == IMPRINT and at >= last)
            continue
        text = lines[at].text
        if closed and _shared(text, subject) < _SHARED_BY_BODY:
            long = is_paragraph(lines[at])
            layout.cut(at, "other_article" if long else "related", "文章落款之后、与正文没有共同内容")
        elif at > last and (reason := words.menu(text, outside=True)):
            layout.cut(at, "navigation", reason)
        elif is_paragraph(lines[at]):
            subject |= bigrams(text)
    rest = [at for at in layout.kept() if at > last]
    run = _table_lines(lines, rest)
    for at in rest:
        if (
            at not in run
            and not ends_sentence(lines[at].text)
            and not is_paragraph(lines[at])
            and _shared(lines[at].text, subject) < _SHARED_BY_BODY
        ):
            layout.cut(at, "navigation", "正文之后、与正文没有共同内容的短行")


def _last_of_article(layout: Layout, paragraphs: list[int]) -> int:
    """The last paragraph that shares its subject with the ones before it."""
    subject = bigrams(layout.lines[paragraphs[0]].text)
    last = paragraphs[0]
    for at in paragraphs[1:]:
        text = layout.lines[at].text
        # one closing imprint between a paragraph and what follows needs more in common
        if _shared(text, subject) >= 0.12:
            last = at
        subject |= bigrams(text)
    return last


def _cut_captions(layout: Layout, paragraphs: list[int]) -> None:
    """Short lines between paragraphs that repeat each other or their neighbours: captions without a mark."""
    lines = layout.lines
    kept = layout.kept()
    between = [at for at in kept if paragraphs[0] < at < paragraphs[-1] and not is_paragraph(lines[at])]
    # without one marked caption such lines are headings: digests have one before every item
    marked = sum(
        kind == "caption" and paragraphs[0] < at < paragraphs[-1] for at, (kind, _) in layout.cuts.items()
    )
    tables = _table_lines(lines, between)
    seen = [lines[at].text for at in between]
    for at in between:
        text = lines[at].text
        if (
            at in tables
            or lines[at].role
            or len(text) > 40
            or words.SENTENCE.search(text)
            or words.BULLET.match(text)
        ):
            continue
        place = kept.index(at)
        near = frozenset().union(
            *(bigrams(lines[other].text) for other in kept[max(0, place - 2) : place + 3] if other != at)
        )
        if seen.count(text) > 1:
            layout.cut(at, "caption", "正文段落之间重复出现的短行，没有句末标点")
            marked += 1
        elif marked and len(text) >= 6 and _shared(text, near) >= _RESTATED:
            marked -= 1
            layout.cut(at, "caption", "正文段落之间的短行，没有句末标点，内容与相邻段落重复")


def _table_lines(lines: Sequence[Line], found: list[int]) -> set[int]:
    """Lines that are cells of a table: the format says so, or five short ones in a row with figures among them."""
    cells = {at for at in found if lines[at].role == "cell"}
    row: list[int] = []
    for at in [*found, -1]:
        if row and at == row[-1] + 1 and len(lines[at].text) <= 20:
            row.append(at)
            continue
        if len(row) >= _TABLE and sum(any(c.isdigit() for c in lines[one].text) for one in row) * 4 >= len(
            row
        ):
            cells |= set(row)
        row = [at] if at >= 0 and len(lines[at].text) <= 20 else []
    return cells


def _title_without_body(layout: Layout) -> None:
    """A file without running text, a table perhaps: its first heading or line of several words is the title."""
    kept = layout.kept()
    headings = [at for at in kept if layout.lines[at].role in ("heading", "page_title")]
    first = headings or [at for at in kept[:1] if len(kept) > 1 and len(layout.lines[at].text) >= 6]
    layout.title = first[0] if first else None


def _shared(text: str, body: frozenset[str]) -> float:
    """The share of a line's pairs of characters that the body has too."""
    own = bigrams(text)
    return len(own & body) / len(own) if own else 0.0
