"""What may stand in the file of a matter: each key with its type; an unknown key is an error."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from zhicheng.catalogue.policy_yaml import CatalogueError, line_of
from zhicheng.catalogue.wording import later, problem_of, say
from zhicheng.engines.procedures.parts import FieldType
from zhicheng.kernel.identifiers import IDENTIFIERS

Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Line = Annotated[str, Field(min_length=1, max_length=600)]
Body = Annotated[str, Field(min_length=1, max_length=8000)]
Condition = Annotated[str, Field(max_length=1000)]
Term = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,3} (working_days|days|months)$")]
# A law of the file and where in it: `o81 第三十七条`.
Cite = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*( .{1,80})?$")]
FIX = later("请对照 docs/matters.md 改正。")
EFFECTS = (
    "start_clock", "stop_clock", "resume_clock", "meet_clock", "void_clock", "extend_clock", "set_outcome",
    "issue_document", "open_matter", "transfer", "notify", "number", "publish",
)  # fmt: skip
PREFILLS = Literal[
    "", "organisation.name", "organisation.uscc", "organisation.address", "organisation.representative",
    "organisation.phone", "organisation.kind", "region", "right.number", "right.title", "right.owner", "right.kind",
    "right.granted_on", "right.expires_on", "user.name", "user.phone", "user.email",
]  # fmt: skip


class Strict(BaseModel):
    """A closed set of keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=Strict)


def checked(kind: type[Model], content: Any, node: yaml.Node, file: str) -> Model:
    """Read content as a model; the first error names file, line and key.

    Raises:
        CatalogueError: a key is unknown, missing or of the wrong type.
    """
    try:
        return kind.model_validate(content)
    except ValidationError as error:
        problem = problem_of(error, content)
        raise CatalogueError(
            file, line_of(node, problem.place), str(problem), fix=say(FIX), place=problem.place
        ) from error


class WordsModel(Strict):
    """A text in two languages."""

    zh: Line
    en: Line


class LawModel(Strict):
    """A law or document that limits and actions cite."""

    title: Line
    number: str = ""
    date: str | dt.date = ""
    unverified: bool = False


class RoleModel(Strict):
    """Who acts."""

    name: WordsModel
    kind: Literal["party", "office", "system"] = "office"
    accounts: list[str] = []
    assigned: bool = False
    permission: str = ""


class FieldModel(Strict):
    """A field of a form."""

    label: WordsModel
    type: FieldType = "text"
    help: str = ""
    required: bool = False
    required_when: Condition = ""
    choices: dict[Id, Line] = {}
    identifier: str = ""
    prefill: PREFILLS = ""
    personal: bool = False
    secret: bool = False
    unit: str = ""

    @model_validator(mode="after")
    def _complete(self) -> FieldModel:
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("类型 choice 须有 choices，其他类型不得有")
        if (self.type == "identifier") != bool(self.identifier):
            raise ValueError("类型 identifier 须写 identifier，其他类型不得有")
        if self.identifier and self.identifier not in IDENTIFIERS:
            raise ValueError(f"没有识别规则“{self.identifier}”，可用：{'、'.join(IDENTIFIERS)}")
        return self


class MaterialModel(Strict):
    """A paper."""

    label: WordsModel
    required_when: Condition = "true"
    help: str = ""
    source: Cite | None = None
    held_by: str = ""
    secret: bool = False


class StageModel(Strict):
    """A stage."""

    name: WordsModel
    kind: Literal["start", "normal", "waiting", "final"] = "normal"
    role: str = ""
    task: str = ""
    stops: str = ""
    public: str = ""


class EffectModel(Strict):
    """One effect, written `- start_clock: conclude` with `from`, `text` or `when` beside it."""

    kind: str
    target: str
    from_field: str = ""
    text: str = ""
    when: Condition = ""

    @model_validator(mode="before")
    @classmethod
    def _one_kind(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("效果须写成“- 种类: 对象”")
        kinds = [key for key in value if key in EFFECTS]
        if len(kinds) != 1:
            raise ValueError(f"效果须写明一种：{'、'.join(EFFECTS)}")
        rest = {
            ("from_field" if key == "from" else key): one for key, one in value.items() if key != kinds[0]
        }
        return {"kind": kinds[0], "target": value[kinds[0]], **rest}


class AheadModel(Strict):
    """A day that must lie far enough ahead."""

    field: Id
    term: Term
    source: Cite


class ActionModel(Strict):
    """An action."""

    name: WordsModel
    from_stages: Annotated[str | list[str], Field(alias="from")]
    to: str = ""
    roles: Annotated[list[str], Field(min_length=1)]
    guard: Condition = ""
    guard_words: str = ""
    fields: dict[Id, FieldModel] = {}
    papers: list[str] = []
    effects: list[EffectModel] = []
    not_by: list[str] = []
    ahead: list[AheadModel] = []
    source: Cite | None = None
    withdraws: bool = False
    reopens: bool = False
    accepts: bool = False


class ExtensionModel(Strict):
    """Who may add how much time, how often."""

    role: Id
    at_most: Term
    times: Annotated[int, Field(ge=1, le=20)] = 1
    after: Annotated[int, Field(ge=0, le=20)] = 0
    source: Cite


class ExpiryModel(Strict):
    """What happens when a limit runs out."""

    action: Id
    counts_from: Literal["start", "expiry"]
    source: Cite


class EscalationModel(Strict):
    """Who is told when a limit is overdue."""

    overdue: Annotated[int, Field(ge=0, le=1000)]
    role: Id


class OpensModel(Strict):
    """The readings chosen where the rule is open."""

    order: Literal["limits_first", "extensions_last"] | None = None
    roll: Literal["roll", "stay"] | None = None
    count_start: Literal["count", "exclude"] | None = None
    resume_day: Literal["counts", "excluded"] | None = None


class LimitModel(Strict):
    """A time limit."""

    name: WordsModel
    term: Term | None = None
    day_field: str = ""
    source: Cite
    whose: Literal["authority", "party"] = "authority"
    roll: bool = True
    promised: Term | None = None
    stops: list[Id] = []
    extensions: list[ExtensionModel] = []
    opens: OpensModel = OpensModel()
    expiry: ExpiryModel | None = None
    after_end: bool = False
    configuration: bool = False
    reminders: list[Annotated[int, Field(ge=-365, le=365)]] = [-5, -1, 0, 1, 5]
    escalation: list[EscalationModel] = []
    yellow_share: Annotated[Decimal, Field(ge=0, le=1)] = Decimal("0.2")


class GroundModel(Strict):
    """A ground on which limits stand still."""

    name: Line
    source: Cite


class OutcomeModel(Strict):
    """An outcome."""

    name: WordsModel
    counts_as: Id
    solved: bool = True


class TemplateModel(Strict):
    """A document."""

    title: WordsModel
    text: Body
    series: str = ""
    kind: Literal["decision", "mediation", "penalty", "acceptance", "withdrawal", "other"] = "other"
    to: list[str] = []
    derivation: bool = False
    source: Cite | None = None


class NoticeModel(Strict):
    """A public notice."""

    name: WordsModel
    after: Id
    term: Term
    mode: Literal["within", "lasting"]
    source: Cite


class FeedModel(Strict):
    """A statistic fed."""

    indicator: str
    outcomes: list[str] = []


class PrecheckModel(Strict):
    """A check by rule."""

    label: WordsModel
    refuse_when: Condition
    source: Cite
    ask: str = ""


class StepModel(Strict):
    """A dated step of an example."""

    day: dt.date
    do: Id
    by: Annotated[str, Field(alias="as")] = "system"
    values: dict[str, Any] = {}
    expect: str = ""
    due: dict[str, dt.date] = {}
    refused: str = ""


class ExampleModel(Strict):
    """An example."""

    name: Line
    received: dt.date
    facts: dict[str, Any] = {}
    papers: list[str] | Literal["all"] = "all"
    steps: Annotated[list[StepModel], Field(min_length=1)]
    outcome: str = ""


class MatterModel(Strict):
    """A matter as it stands in its file."""

    code: Id
    version: Annotated[int, Field(ge=1, le=999)]
    name: WordsModel
    counts_as: Id
    counts_as_when: dict[Id, Condition] = {}
    category: Literal["protection", "utilization", "creation", "public_service", "quality", "administration"]
    purpose: Line
    since: dt.date | None = None
    until: dt.date | None = None
    laws: dict[str, LawModel]
    sources: Annotated[list[Cite], Field(min_length=1)]
    filers: Annotated[list[str], Field(min_length=1)]
    confidentiality: Literal["public", "parties", "internal", "handlers"]
    roles: dict[Id, RoleModel]
    fields: dict[Id, FieldModel]
    materials: dict[Id, MaterialModel] = {}
    grounds: dict[Id, GroundModel] = {}
    stages: dict[Id, StageModel]
    actions: dict[Id, ActionModel]
    limits: dict[Id, LimitModel]
    outcomes: dict[Id, OutcomeModel]
    templates: dict[Id, TemplateModel] = {}
    series: dict[Id, Line] = {}
    notices: dict[Id, NoticeModel] = {}
    feeds: list[FeedModel] = []
    prechecks: dict[Id, PrecheckModel] = {}
    examples: Annotated[list[ExampleModel], Field(min_length=1)]
