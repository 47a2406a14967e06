"""What every identifier rule answers: a verdict with words, or a refusal that names value, rule and fix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, Protocol

from zhicheng.kernel.refusals import Refusal, Source

Level = Literal["ok", "warning", "error"]


class Verdict(NamedTuple):
    """The judgement on one written identifier; a tuple because a million rows each get one.

    Args:
        level: ``ok``, ``warning`` (may be kept, with a reason) or ``error`` (must be mended).
        message: the words for the person, empty when ok.
        normal: the form to store; for an error the tidied text.
    """

    level: Level
    message: str
    normal: str


class IdentifierError(Refusal):
    """A written identifier breaks the rule of its kind."""

    code = "identifier_invalid"


class Parsed(Protocol):
    """What every parsed identifier carries beside its own parts."""

    @property
    def normal(self) -> str:
        """The form to store."""

    @property
    def warning(self) -> str:
        """Why a person should look at it again, empty when nothing is odd."""


# Full-width ASCII and the ideographic blank, as they come out of Chinese input methods.
_HALF_WIDTH = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {0x3000: 0x20, 0x3002: 0x2E, 0xB7: 0x2E}
_HALF_WIDTH |= dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212), 0x2D)
_HALF_WIDTH |= dict.fromkeys((0x09, 0x0A, 0x0D, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F), 0x20)
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0xFEFF), None)
_TIDY: dict[int, int | None] = {**_HALF_WIDTH, **_INVISIBLE}


def tidy(text: str) -> str:
    """Half-width, upper-case text without invisible marks; one kind of dash, single inner blanks."""
    plain = text if text.isascii() else text.translate(_TIDY)
    return " ".join(plain.upper().split())


def squeeze(text: str) -> str:
    """Tidied text without any blank."""
    return tidy(text).replace(" ", "")


def judge(parse: Callable[[str], Parsed], normalise: Callable[[str], str], text: str) -> Verdict:
    """Turn the parsing of one kind into a verdict."""
    try:
        parsed = parse(text)
    except IdentifierError as refusal:
        return Verdict("error", str(refusal), normalise(text))
    return Verdict("warning" if parsed.warning else "ok", parsed.warning, parsed.normal)


def refuse(kind: str, text: str, rule: str, *, fix: str, source: Source) -> IdentifierError:
    """The refusal for a value of a kind: value, broken rule, what to do, source."""
    return IdentifierError(f"{kind}“{text}”不合规则：{rule}。", fix=fix, source=source)
