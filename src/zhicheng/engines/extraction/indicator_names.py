"""What a number counts: the phrase of the text, cleaned and completed, and the catalogue id where it is certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from zhicheng.engines.extraction.numbers import Amount

_QUOTES = re.compile(r"[“”\"「」『』《》‘’\s]")
_FRONT = re.compile(
    r"^(?:[、，,；;：:\s“”—–~～-]|其中|同时|此外|另外|目前|现在|如今|并且|以及|以|并(?!购)|且|而(?!且)|但|还|也|又|再|已经|已|现|共有|共计|共(?!享)|累计|总计|合计|先后|分别|均|各(?!类|级|地)|仅|就|"
    r"全年|同比|环比|据[^，,]{2,10}?(?:统计|显示|介绍)|数据显示|今年|去年|本年|年内|一年来|"
    r"拥有|现有|已有|具有|持有|有(?!效|机|限|色|关)|获得|取得|荣获|获(?!奖|评)|实现|达成|全国|我国|全省|全市|全县|全区|全州|我省|我市|我县|我区|本市|本省|当地|[和与及](?!平))+"
)
_BACK = re.compile(
    r"(?:[、，,：:\s“（(]|分别|已经|已|(?<![户人亩年月日])均|也|仅|就|由|从|总共|共计|共有|共|总计|累计|合计|高达|多达|达到了?|达|(?<![行作])为|是|有|[至到在]|了|增至|升至|增加|提升|提高|增长|压减|压缩|缩短|下降|降|稳定|保持|控制|扩大|上升|突破|超过|首次|再次|拥有|约占|约|现有|已有|出具|各|还|又|需|只需|可|能)+$"
)
_INSIDE = re.compile(r"[（(][^（）()]*[）)]")
_CUT = re.compile(r"[的了将把向由使让等对]")
_LIGHT = re.compile(
    r"^(?:新增(?=新增)|成功|积极|集中|帮助|协同|组织|扎实|主动|直接|深入|全面|累计|共|已|均|先后|依法|联合|持续|全部|严格|有效(?=开展|解决|化解|处置)|为企业|为群众|为|国内|全国|全省|全市|其|"
    r"完成|办理|开展|提供|建成|公开|培育|指导|支持|服务|邀请|聘请|引导|推动|专家(?=现场|走访|帮)|企业(?=参与|主导|应对|解决|办理)|银行(?=实际|放款|授信)|"
    r"[\u4e00-\u9fff]{2,6}?[省市县区州](?=[\u4e00-\u9fff]{4})|"
    r"[\u4e00-\u9fff]{2,8}(?:委员会|机构|银行|部门|法院|中心|协会)(?=[\u4e00-\u9fff]{4}))"
)
_NOUN_END = re.compile(
    r"[，,。；;：:！!？?、（(”」\n\x00]|\d|获(?!奖)|被|进行|授信|出具|参加|参会|参展|参与|开展|启动|实现|达到|入选|通过(?!率)|同步|分别|(?<![行作华])为(?=[\u4e00-\u9fff]{2})|联合(?!体)|向(?!量)|将|已|均|占|同比|比|较|居|位居|接入|提供|落户|投入|完成|建成|建立|纳入|签约|签订|正在|正式|全部|首次|享受|惠及|推出|发布|颁发|以及|并|等(?!级)"
)
_PLAIN_END = re.compile(
    r"^(?:$|[、，,。；;：:）)”」】\s/！!？?\x00]|(?:以上|左右|上下|以下|不等|之间|和|与|及|并|占|同比|环比|比|较|居|位|排|其中|分别|均|相比|增|降|下降|上升|是|为|且|而|但|用于|约|创(?=历史|新高|下|纪录|同期|近|出)|（|\(|达|超|等|至|到|—|-|~|～))"
)
MEASURE_ONLY = frozenset(
    "总量 总数 数量 金额 总额 总值 总规模 规模 合计 总计 总金额 额度 涉案金额 总价值 占比 比重 比例 覆盖率".split()  # noqa: SIM905 - a word list
)
_MEASURE_TAIL = re.compile(
    r"(?:申请|授权|拥有|保有|有效|注册|登记|受理|交易|产|销售|转让|许可)量$|(?:总量|数量|总数)$"
)
_NEW = re.compile(
    r"^(?:新入选|新增|新获评?|新认定|新培育|新登记|新举办|新签|新注册|新授权|新建|新评选?|入选|获评|增加)"
)
_NEW_AT_END = re.compile(
    r"(?:新入选|新增|新获[评批]?|新认定|新培育|新登记|新举办|新签|新注册|新授权|新建|新评选?)[了的]?$"
)
_AND = re.compile(r"、|以及|[和与及](?!提名|平|其)")


def clean(words: str) -> str:
    """The phrase that names an indicator, without time words, copulas and fillers around it."""
    text = _INSIDE.sub("", words.replace("\x00", ""))
    before = None
    while before != text:
        before = text
        text = _BACK.sub("", _FRONT.sub("", text))
    if text.count("“") != text.count("”"):
        text = text.replace("“", "").replace("”", "")
    if len(text) > 24:
        cuts = [m.end() for m in _CUT.finditer(text) if len(text) - m.end() >= 3]
        text = text[cuts[-1] :] if cuts else text
    return text.strip()


def noun_after(text: str) -> tuple[str, int]:
    """The thing counted behind a number and its classifier, and how many characters it takes."""
    skip = len(text) - len(text.lstrip("的"))
    if text.startswith(("“", "「"), skip):
        close = text.find("”", skip)
        tail = _NOUN_END.search(text, close + 1) if close > 0 else None
        end = tail.start() if tail else len(text)
        return text[skip:end].strip(), end
    m = _NOUN_END.search(text, skip)
    end = m.start() if m else len(text)
    noun = text[skip:end]
    if m and m.group() == "、":
        tail_noun = re.match(r"[^，,。；;\d]*的([\u4e00-\u9fff]{2,12})(?=[，,。；;]|$)", text[skip:])
        if tail_noun:
            return tail_noun[1], skip + tail_noun.end()
    return noun.strip(), end


def ends_phrase(after: str) -> bool:
    """Whether nothing that is counted follows the number: the phrase stands before it."""
    return _PLAIN_END.match(after) is not None


def split_list(words: str) -> list[str]:
    """`专利申请量和授权量` → both, each as written."""
    return [part for part in (clean(one) for one in _AND.split(words)) if part]


def completed(parts: list[str]) -> list[str]:
    """Give each part of a list what it shares with the others.

    `专利申请量、授权量` → `专利授权量`; `小型、微型企业利润` → `小型企业利润`; `中国专利奖金奖、银奖` → `中国专利奖银奖`.
    """
    head = _shared_head(parts)
    tail = _shared_tail(parts)
    whole = [parts[0] + tail, *parts[1:]] if tail else list(parts)
    return [
        whole[0],
        *(
            head + one if head and len(one) < len(whole[0]) and not one.startswith(head[:2]) else one
            for one in whole[1:]
        ),
    ]


def _shared_head(parts: list[str]) -> str:
    first = parts[0]
    for one in parts[1:]:
        if len(one) <= 3 and len(one) < len(first) and one[-1:] == first[-1:]:
            return first[: -len(one)]
    return ""


def _shared_tail(parts: list[str]) -> str:
    first, last = parts[0], parts[-1]
    if (
        len(parts) > 1
        and len(first) <= 4
        and len(last) > len(first) + 2
        and last[len(first) - 1] == first[-1]
    ):
        return last[len(first) :]
    return ""


def of_former(measure: str, former: str) -> str:
    """`总量` after `新增高端品牌培育企业` means `高端品牌培育企业总量`."""
    base = _NEW.sub("", former)
    return base if base.endswith(measure) else base + measure


def with_measure(phrase: str, former: str) -> str:
    """`其中发明专利` after `专利授权量` means `发明专利授权量`."""
    tail = _MEASURE_TAIL.search(former)
    if not tail or _MEASURE_TAIL.search(phrase):
        return phrase
    noun = former[: tail.start()]
    return phrase + tail.group() if len(noun) >= 2 and phrase.endswith(noun[-2:]) else phrase


def says_new(words: str) -> bool:
    """Whether words say that what follows is new (新增, 新获批), so that a stock is not meant."""
    return _NEW_AT_END.search(words) is not None


def _norm(phrase: str) -> str:
    return _QUOTES.sub("", phrase).replace("的", "")


class Aliases:
    """Phrases and frames → catalogue id.

    A key without `#` is a phrase; `专利权质押登记#笔` holds only with that unit; `为#家*授信` is a frame around the number,
    where `*` stands for words of the clause and `…` for words of the sentence.
    """

    def __init__(self, words: Iterable[tuple[str, str]]) -> None:
        self._exact: dict[tuple[str, str], str] = {}
        self._meant: dict[str, set[str]] = {}
        self._frames: dict[str, list[tuple[re.Pattern[str], re.Pattern[str], str, int]]] = {}
        for key, identity in words:
            left, mark, right = key.partition("#")
            if not re.search(r"[*…]", key):
                self._meant.setdefault(_norm(left), set()).add(identity)
            if not mark:
                self._exact[_norm(key), ""] = identity
            elif not re.search(r"[*…]", key) and re.fullmatch(r"[\u4e00-\u9fff%℃]{1,3}", right):
                self._exact[_norm(left), right] = identity
            else:
                unit = re.match(r"[\u4e00-\u9fff%]+?(?=[*…\u4e00-\u9fff]|$)", right)
                first = unit.group() if unit else ""
                self._frames.setdefault(first[:1], []).append(
                    (_pattern(left, end=True), _pattern(right), identity, len(key))
                )
        for frames in self._frames.values():
            frames.sort(key=lambda one: -one[3])

    def by_phrase(self, phrase: str, unit: str) -> str:
        """The id of a phrase with a base unit, empty when it is not certain."""
        text = _norm(phrase)
        while text:
            found = self._exact.get((text, unit)) or self._exact.get((text, ""))
            if found:
                return found
            shorter = _LIGHT.sub("", text)
            if shorter == text:
                return ""
            text = shorter
        return ""

    def of_change(self, phrase: str) -> str:
        """The id of a phrase whatever its unit, for a growth rate whose figure is not given; empty when two are meant."""
        meant = self._meant.get(_norm(phrase), set())
        return next(iter(meant)) if len(meant) == 1 else ""

    def by_frame(self, plain: str, start: int, end: int, amount: Amount) -> str:
        """The id of the first frame that fits around a number within its sentence."""
        left = _QUOTES.sub("", plain[start : amount.lead])
        scale = (
            amount.unit[: len(amount.unit) - len(amount.base_unit)]
            if amount.unit.endswith(amount.base_unit)
            else ""
        )
        unit_at = amount.unit_end - len(amount.unit) + len(scale)
        for at in dict.fromkeys((amount.end, unit_at)):
            for before, after, identity, _ in self._frames.get(plain[at : at + 1], ()):
                if before.search(left) and after.match(_QUOTES.sub("", plain[at:end])):
                    return identity
        return ""


def _pattern(words: str, *, end: bool = False) -> re.Pattern[str]:
    parts = [re.escape(one) for one in re.split(r"([*…])", words)]
    text = "".join(
        {r"\*": r"[^，,。；;\n]{0,24}?", "…": r"[^。\n]*?", "\\…": r"[^。\n]*?"}.get(one, one)
        for one in parts
    )
    return re.compile(rf"{text}(?:达到|达|为|共|了)?$" if end else text)


@lru_cache(maxsize=8)
def _built(words: tuple[tuple[str, str], ...]) -> Aliases:
    return Aliases(words)


def build_aliases(words: Mapping[str, str]) -> Aliases:
    """Compile a mapping of phrases and frames; the same mapping is compiled once."""
    return _built(tuple(words.items()))
