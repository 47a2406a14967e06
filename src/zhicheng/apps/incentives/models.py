"""What the room stores: applications, batches, money, award rounds, saved what-ifs, and payments other levels made."""

from zhicheng.apps.incentives.application_models import ApplicationProof, PolicyApplication
from zhicheng.apps.incentives.batch_models import Batch, Entitlement, FreedSeat, Objection, PayoutSettings
from zhicheng.apps.incentives.money_models import (
    BankFile,
    BudgetEntry,
    Clawback,
    Confirmation,
    FactDispute,
    PayeeAccount,
    PaymentOrder,
    ResultFile,
)
from zhicheng.apps.incentives.record_models import ApplicationFact, ReceivedPayment
from zhicheng.apps.incentives.round_models import (
    AwardRound,
    Candidate,
    ExpertInterest,
    RoundExpert,
    ScoreSheet,
)
from zhicheng.apps.incentives.run_models import EvaluationRun
from zhicheng.apps.incentives.scenario_models import ClauseDraft, Scenario
from zhicheng.apps.incentives.stage_models import (
    Ballot,
    BallotCount,
    BallotSeat,
    CommitteeMember,
    DefenceSlot,
    SiteVisit,
    StageRun,
)

__all__ = [
    "ApplicationFact",
    "ApplicationProof",
    "AwardRound",
    "Ballot",
    "BallotCount",
    "BallotSeat",
    "BankFile",
    "Batch",
    "BudgetEntry",
    "Candidate",
    "ClauseDraft",
    "Clawback",
    "CommitteeMember",
    "Confirmation",
    "DefenceSlot",
    "Entitlement",
    "EvaluationRun",
    "ExpertInterest",
    "FactDispute",
    "FreedSeat",
    "Objection",
    "PayeeAccount",
    "PaymentOrder",
    "PayoutSettings",
    "PolicyApplication",
    "ReceivedPayment",
    "ResultFile",
    "RoundExpert",
    "Scenario",
    "ScoreSheet",
    "SiteVisit",
    "StageRun",
]
