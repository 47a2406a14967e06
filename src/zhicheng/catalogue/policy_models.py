"""What may stand in a policy file: each key with its type; an unknown key is an error."""

from __future__ import annotations

import datetime as dt
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError, model_validator

from zhicheng.catalogue.policy_yaml import CatalogueError, line_of
from zhicheng.catalogue.wording import later, problem_of, say
from zhicheng.engines.incentives import rules

Money = Annotated[Decimal, Field(ge=0, decimal_places=2, max_digits=18)]
Factor = Annotated[Decimal, Field(gt=0, le=100, max_digits=12)]
Words = Annotated[str, Field(min_length=1, max_length=400)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
ClauseId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}\.[a-z][a-z0-9_]{0,79}$")]
Kind = Literal["enterprise", "institution", "person"]


class Strict(BaseModel):
    """A closed set of keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Model = TypeVar("Model", bound=BaseModel)
FIX = later("请对照 docs/policies.md 改正。")


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


class NameModel(Strict):
    """A name in two languages."""

    zh: Words
    en: Words


class CitationModel(Strict):
    """Where the rule stands."""

    title: Words
    publisher: str = ""
    number: str = ""
    date: dt.date | str = ""
    span: tuple[int, int] | None = None
    unverified: bool = False

    def build(self) -> rules.Citation:
        """The citation as the engine knows it."""
        return rules.Citation(
            self.title, self.publisher, str(self.date), self.number, self.span, self.unverified
        )


class ColumnModel(Strict):
    """A column of a fact."""

    type: Literal["text", "date", "money", "number", "integer", "boolean"]
    label: Words
    values: dict[str, Words] = Field(default_factory=dict)
    unit: str = ""
    help: str = ""
    firm: bool = False


class FactModel(Strict):
    """A fact clauses may stand on."""

    label: Words
    date: Name
    ended: str = ""
    supplied_by: Words
    columns: dict[Name, ColumnModel]

    def build(self, name: str) -> rules.FactShape:
        """The shape as the engine knows it."""
        columns = {
            key: rules.FactColumn(key, one.type, one.label, one.values, one.unit, one.help, one.firm)
            for key, one in self.columns.items()
        }
        return rules.FactShape(name, self.label, self.date, self.ended, self.supplied_by, columns)


class FactsModel(RootModel[dict[Name, FactModel]]):
    """The facts of a city: the file facts.yaml."""


class TableModel(Strict):
    """Look-up."""

    by: Words
    rows: dict[str, Money]


class RateModel(Strict):
    """Rate of a base."""

    of: Words
    rate: Factor
    divisor: Annotated[int, Field(ge=1, le=100_000)] = 1
    cap: Money | None = None
    floor: Money | None = None


class BracketModel(Strict):
    """One bracket."""

    up_to: Money | None = None
    rate: Annotated[Decimal, Field(ge=0, le=100)]


class BracketsModel(Strict):
    """Progressive brackets."""

    of: Words
    steps: Annotated[list[BracketModel], Field(min_length=1)]
    cap: Money | None = None


class MatchModel(Strict):
    """配套."""

    level: Name
    share: Factor
    cap: Money | None = None


class CaseModel(Strict):
    """One case of a choice."""

    when: str = ""
    amount: Money | AmountModel


class AmountModel(Strict):
    """Exactly one way of setting an amount."""

    table: TableModel | None = None
    rate: RateModel | None = None
    brackets: BracketsModel | None = None
    match: MatchModel | None = None
    choose: Annotated[list[CaseModel], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> AmountModel:
        given = [one for one in (self.table, self.rate, self.brackets, self.match, self.choose) if one]
        if len(given) != 1:
            raise ValueError(say("须且只能写一种：table、rate、brackets、match、choose"))
        return self

    def build(self) -> rules.Amount:
        """The amount as the engine knows it."""
        if self.table:
            return rules.Table(self.table.by, self.table.rows)
        if self.rate:
            return rules.Rate(**self.rate.model_dump())
        if self.brackets:
            steps = tuple(rules.Bracket(one.up_to, one.rate) for one in self.brackets.steps)
            return rules.Brackets(self.brackets.of, steps, self.brackets.cap)
        if self.match:
            return rules.Match(self.match.level, self.match.share, self.match.cap)
        return rules.Choose(tuple((one.when, amount_of(one.amount)) for one in self.choose or []))


def amount_of(model: Decimal | AmountModel) -> rules.Amount:
    """An amount written as a number or as one of the forms."""
    return model.build() if isinstance(model, AmountModel) else rules.Fixed(Decimal(model))


class RequirementModel(Strict):
    """A condition of eligibility."""

    when: Words
    words: Words


class NegativeListModel(Strict):
    """负面清单."""

    kinds: Annotated[list[Name], Field(min_length=1)]
    years: Annotated[int, Field(ge=0, le=50)] | None = None


class SameMatterModel(Strict):
    """就高不重复."""

    group: Name
    rule: Literal["highest", "difference", "stack"]
    levels: list[Name] = []


class CapModel(Strict):
    """封顶."""

    amount: Money
    period: Literal["year", "ever"] = "year"
    per: Literal["object", "beneficiary", "all"] = "beneficiary"
    over: Literal["clause", "policy"] = "clause"

    def build(self, over: str | None = None) -> rules.Cap:
        """The cap as the engine knows it."""
        return rules.Cap(self.amount, self.period, self.per, over or self.over)


class BudgetModel(Strict):
    """预算."""

    years: dict[Annotated[int, Field(ge=1949, le=2999)], Money]
    method: Literal["pro_rata", "first_come"] = "pro_rata"

    def build(self) -> rules.Budget:
        """The budget as the engine knows it."""
        return rules.Budget(self.years, self.method)


class PayeeModel(Strict):
    """Who is paid."""

    mode: Literal["holder", "split", "owners"] = "holder"
    kinds: Annotated[list[Kind], Field(min_length=1)] = ["enterprise", "institution"]
    split: tuple[Annotated[int, Field(ge=0)], Annotated[int, Field(ge=0)]] = (1, 1)


class VersionModel(Strict):
    """A clause from a day on."""

    when: Words
    amount: Money | AmountModel
    source: CitationModel | None = None
    until: date | None = None
    requires: list[RequirementModel] = []
    first_time: bool = False
    newly_awarded: bool = False
    once: bool = False
    application: str = ""
    negative_list: NegativeListModel | None = None
    same_matter: SameMatterModel | None = None
    caps: list[CapModel] = []
    budget: BudgetModel | None = None
    sharing: dict[str, Annotated[int, Field(ge=0)]] = {}
    clawback: bool = False

    def build(self, since: date) -> rules.Version:
        """The version as the engine knows it."""
        negative, matter = self.negative_list, self.same_matter
        return rules.Version(
            since=since,
            until=self.until,
            when=self.when,
            amount=amount_of(self.amount),
            source=self.source.build() if self.source else None,
            requires=tuple(rules.Requirement(one.when, one.words) for one in self.requires),
            first_time=self.first_time,
            newly_awarded=self.newly_awarded,
            once=self.once,
            application=self.application,
            negative_list=rules.NegativeList(tuple(negative.kinds), negative.years) if negative else None,
            same_matter=rules.SameMatter(matter.group, matter.rule, tuple(matter.levels)) if matter else None,
            caps=tuple(one.build() for one in self.caps),
            budget=self.budget.build() if self.budget else None,
            sharing=tuple(self.sharing.items()),
            clawback=self.clawback,
        )


class ExampleModel(BaseModel):
    """An example of a clause: the columns of its fact beside what is expected; the loader checks the columns."""

    expect: Any
    why: str = ""
    because: str = ""
    as_of: date | None = None
    before: list[dict[str, Any]] = []
    payments: list[dict[str, Any]] = []
    negative_list: list[dict[str, Any]] = []
    owners: list[dict[str, Any]] = []


class ClauseModel(Strict):
    """One clause: one file."""

    id: ClauseId
    name: NameModel
    unit: Literal["元"] = "元"
    fact: Name
    object: str = ""
    payee: PayeeModel = PayeeModel()
    effective_unverified: bool = False
    versions: Annotated[dict[date, VersionModel], Field(min_length=1)]
    examples: list[ExampleModel] = []


class WindowModel(Strict):
    """Application window for the events of a year."""

    year: int
    opens: date
    closes: date


class PolicyModel(Strict):
    """A policy document: one file."""

    id: Name
    title: NameModel
    number: str = ""
    issuer: Words
    region: Annotated[str, Field(pattern=r"^(\d{6})?$")] = ""
    valid_from: date | None = None
    valid_to: date | None = None
    review: str = ""
    scope: dict[Name, Words] = {}
    windows: list[WindowModel] = []
    caps: list[CapModel] = []
    budget: BudgetModel | None = None
    source: CitationModel | None = None
    example: bool = False

    def build(self, file: str) -> rules.Policy:
        """The document as the engine knows it."""
        return rules.Policy(
            id=self.id,
            title=self.title.zh,
            number=self.number,
            issuer=self.issuer,
            region=self.region,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            review=self.review,
            scope=self.scope,
            windows=tuple(rules.Window(one.year, one.opens, one.closes) for one in self.windows),
            caps=tuple(one.build("policy") for one in self.caps),
            budget=self.budget.build() if self.budget else None,
            source=self.source.build() if self.source else None,
            example=self.example,
            file=file,
        )


CaseModel.model_rebuild()
