"""What the demo city's speakers say: our own words, nobody's; speakers are named by role only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Taken:
    """Words of a speech and the item they become.

    Args:
        words: as they stand in the speech. kind: problem or suggestion. title: of the item; empty joins `joins`.
        key: short name by which the play goes on. joins: key of the item they are merged into.
    """

    words: str
    kind: str
    title: str
    key: str
    joins: str = ""


@dataclass(frozen=True)
class Said:
    """A speech: who, on whose side, what becomes of it, and what was answered on the spot."""

    title: str
    kind: str
    email: str
    taken: tuple[Taken, ...]
    aside: tuple[tuple[str, str], ...]
    reply: str

    @property
    def text(self) -> str:
        """Return the speech, one passage a line."""
        return "\n".join([*(one.words for one in self.taken), *(words for words, _ in self.aside)])


SPEECHES = (
    Said(
        "文具制造企业负责人", "entrepreneur", "speaker.one@example.com",
        (
            Taken("龙头企业单打独斗去海外铺渠道成本太高，盼市里扶持它们牵头建一个大家都能用的海外营销平台。", "suggestion", "扶持龙头企业牵头建共用的海外营销平台", "overseas"),
            Taken("我们的商标在两个国家被人抢先注册，请律师、做公证都很贵，自己应付不过来。", "problem", "", "", "aid"),
        ),
        (("先感谢主办方给我们当面说话的机会。", "致谢"),),
        "商务部门：正在摸底有共用平台需求的企业。",
    ),
    Said(
        "新材料企业负责人", "entrepreneur", "speaker.two@example.com",
        (Taken("培育标准领跑企业可以排一张时间表，头一年选苗子，三年内有一批国家标准，五年里争到国际标准的席位。", "suggestion", "按一年、三年、五年分步培育标准领跑企业", "standards"),),
        (("我们这两年把研发投入提高到了营业收入的百分之六。", "情况介绍，不含诉求"),),
        "市场监管部门：愿意一起排时间表。",
    ),
    Said(
        "检验检测机构负责人", "entrepreneur", "",
        (Taken("本地的整车和零部件检验排队很长，我们想扩试验场，可是用地指标和设备资金都卡住了。", "problem", "检验检测扩建缺用地指标和设备资金", "testing"),),
        (), "",
    ),
    Said(
        "政协委员、科研院所研究人员", "member", "speaker.four@example.com",
        (
            Taken("考核院所的时候，应当看有多少成果真正用了出去，把转化的比例列成要紧的一项。", "suggestion", "把成果转化比例列为院所考核的要紧一项", "assess"),
            Taken("研究人员转成果怕担国有资产流失的责任，企业接成果又嫌手续多，两头都不踏实。", "problem", "成果转化两头不踏实：院所怕担责、企业嫌手续多", "burden"),
        ),
        (), "科技部门：免责清单正在起草。",
    ),
    Said(
        "区政协委员、仪器企业负责人", "member", "",
        (
            Taken("小企业不会写申请文件，预审排队时间也没有准信，希望有人上门教、有明白的时间表。", "problem", "专利申报缺辅导、预审时间没有准信", "filing"),
            Taken("碰到侵权，取证难、费用高，想要一个能先帮我们看看值不值得打的地方。", "problem", "侵权取证难、维权费用高，企业应付不过来", "aid"),
        ),
        (), "",
    ),
)  # fmt: skip
EARLIER = Said(
    "外贸企业负责人", "entrepreneur", "",
    (Taken("商标在国外被抢注，取证和请律师的费用高，单个企业应付不过来。", "problem", "海外商标被抢注，维权费用高", "before"),),
    (), "",
)  # fmt: skip
JOINT = Said(
    "跨市产业园负责人", "entrepreneur", "",
    (Taken("园区跨在两个市的边上，企业办知识产权业务要跑两头，盼两地互认一次受理。", "suggestion", "两地互认知识产权业务一次受理", "mutual"),),
    (), "",
)  # fmt: skip
