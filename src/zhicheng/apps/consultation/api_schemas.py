"""What callers of the API send."""

from __future__ import annotations

from datetime import date

from ninja import Schema
from pydantic import Field


class SessionIn(Schema):
    """A session to open."""

    number: str = Field(min_length=1, max_length=20, description="如 2025-01；区划代码自动加在前面")
    topic: str = Field(min_length=1, max_length=200)
    held_on: date
    research: str = Field(default="", max_length=20_000)
    group: str = Field(default="", max_length=40, description="区域组代码，两地联合时填写")


class ParticipantIn(Schema):
    """Somebody who took part."""

    kind: str = Field(pattern="^(entrepreneur|member|expert|official)$")
    title: str = Field(min_length=1, max_length=120)
    email: str = Field(default="", max_length=200)
    uscc: str = Field(default="", max_length=18, description="单位的统一社会信用代码")


class SpeechIn(Schema):
    """A speech."""

    speaker: int
    text: str = Field(min_length=1, max_length=100_000)
    reply: str = Field(default="", max_length=20_000)
    recording: str = Field(default="", max_length=80)


class PassageIn(Schema):
    """What becomes of a passage."""

    speech: int
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    fate: str = Field(pattern="^(item|join|set_aside)$")
    kind: str = Field(default="problem", pattern="^(problem|suggestion|pledge)$")
    title: str = Field(default="", max_length=200)
    joins: str = Field(default="", max_length=48, description="并入哪个事项")
    reason: str = Field(default="", max_length=200, description="不立项的理由")
    measure: str = Field(default="", max_length=200)
    on: date | None = Field(default=None, description="整理的日子，默认页面起始日期")


class SubmitIn(Schema):
    """A list to freeze and submit."""

    kind: str = Field(pattern="^(problem|suggestion)$")
    on: date | None = None


class InstructIn(Schema):
    """An instruction on several items."""

    items: list[str] = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=20_000)
    leader: str = Field(min_length=1, max_length=60)
    on: date | None = None


class ActIn(Schema):
    """A step of an item: its fields are those of the form on the page; `GET …/items/{number}` names them."""

    step: str = Field(max_length=20)
    fields: dict[str, str | list[str]] = Field(
        default_factory=dict, description="表单字段；on 不填为页面起始日期"
    )


class AnswerIn(Schema):
    """A yes or no."""

    yes: bool
    text: str = Field(default="", max_length=300)


class VerifyIn(Schema):
    """What a second look found."""

    finding: str = Field(pattern="^(true|partly|false)$")
    text: str = Field(min_length=1, max_length=20_000)


class SampleIn(Schema):
    """A draw by lot."""

    count: int = Field(ge=1, le=200)
    since: date
    seed: str = Field(min_length=1, max_length=60)


class TaskIn(Schema):
    """A pledge or a conference task."""

    kind: str = Field(pattern="^(pledge|task)$")
    title: str = Field(min_length=1, max_length=200)
    text: str = Field(default="", max_length=20_000)
    measure: str = Field(min_length=1, max_length=200)


class GroupIn(Schema):
    """Regions that work as one."""

    code: str = Field(pattern="^[a-z0-9][a-z0-9-]{0,39}$")
    name: str = Field(min_length=1, max_length=80)
    regions: list[str] = Field(min_length=2, max_length=40)


class ParticipantCorrectionIn(Schema):
    """How a participant was entered, put right."""

    kind: str | None = Field(default=None, pattern="^(entrepreneur|member|expert|official)$")
    title: str | None = Field(default=None, min_length=1, max_length=120)
    email: str | None = Field(default=None, max_length=200)
    uscc: str | None = Field(default=None, max_length=18, description="单位的统一社会信用代码；空为不关联")
    why: str = Field(min_length=1, max_length=300)


class RoleIn(Schema):
    """A new post."""

    title: str = Field(min_length=1, max_length=120)
    from_on: date


class LinkIn(Schema):
    """Why a link is taken back."""

    why: str = Field(default="", max_length=200)


class SpeechCorrectionIn(Schema):
    """The words of a speech, put right."""

    text: str = Field(min_length=1, max_length=100_000)
    recording: str | None = Field(default=None, max_length=80)
    why: str = Field(min_length=1, max_length=300)


class ReplyIn(Schema):
    """What was answered on the spot."""

    reply: str = Field(max_length=20_000)
    why: str = Field(default="", max_length=300, description="改动已有的回应时必填")


class MergeIn(Schema):
    """Two items of a session that say the same."""

    item: str = Field(max_length=48)
    into: str = Field(max_length=48)
    why: str = Field(default="", max_length=2_000)
    on: date | None = None


class RulesIn(Schema):
    """The lengths of the loop, in days; those left out stay."""

    finish_days: int | None = Field(default=None, ge=1, le=3650)
    instruct_days: int | None = Field(default=None, ge=1, le=3650)
    urge_before_days: int | None = Field(default=None, ge=1, le=3650)
    urge_every_days: int | None = Field(default=None, ge=1, le=3650)
    judge_days: int | None = Field(default=None, ge=1, le=3650)
    reopen_days: int | None = Field(default=None, ge=1, le=3650)
    link_days: int | None = Field(default=None, ge=1, le=3650)
    why: str = Field(min_length=1, max_length=200)


class VerdictIn(Schema):
    """A verdict."""

    value: str = Field(pattern="^(satisfied|fair|dissatisfied)$")
    text: str = Field(default="", max_length=20_000)


class NewsIn(Schema):
    """What a speaker adds."""

    text: str = Field(min_length=1, max_length=20_000)
    reopen: bool = False
