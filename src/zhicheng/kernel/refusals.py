"""The one way to say no: what, why, what to do next, and on which source."""

from __future__ import annotations

from dataclasses import dataclass

from zhicheng.kernel.saying import said


@dataclass(frozen=True)
class Source:
    """Where a rule comes from.

    Args:
        title: title of the law, standard or document.
        number: document number (文号), empty when it has none.
        article: article or clause the rule stands in.
        date: date of issue, ISO, empty when unknown.
        unverified: True when nobody has checked the rule against the original.
    """

    title: str
    number: str = ""
    article: str = ""
    date: str = ""
    unverified: bool = False

    def __str__(self) -> str:
        parts = [f"《{self.title}》"]
        if self.number:
            parts.append(f"（{self.number}）")
        if self.article:
            parts.append(self.article)
        if self.unverified:
            parts.append(f"（{said('未核实').lower()}）")
        return "".join(parts)


class Refusal(Exception):
    """An expected no, said in words a person can act on.

    Pages show it, the API returns it as an RFC 9457 problem, the command line prints it and exits 2.
    A programming error is never a Refusal.

    Args:
        what: what was refused and why, with the value seen.
        fix: what the person can do now.
        source: the law or document behind the rule, where there is one.
    """

    code = "refused"
    status = 422

    def __init__(self, what: str, *, fix: str, source: Source | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix
        self.source = source

    def __str__(self) -> str:
        text = f"{self.what}{self.fix}"
        return f"{text}（依据：{self.source}）" if self.source else text


class NotFound(Refusal):
    """What was asked for does not exist, or the asker may not know that it does."""

    code = "not_found"
    status = 404


class NotAllowed(Refusal):
    """The acting person's role or region does not cover this."""

    code = "not_allowed"
    status = 403


class Conflict(Refusal):
    """Somebody else changed it first, or its state does not permit the step."""

    code = "conflict"
    status = 409
