"""What the room stores: applications, batches, money, award rounds, saved what-ifs, and payments other levels made."""

from zhicheng.apps.incentives.applications.models import ApplicationProof, PolicyApplication
from zhicheng.apps.incentives.batches.models import Batch, Entitlement, FreedSeat, Objection, PayoutSettings
from zhicheng.apps.incentives.payment.models import (
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
from zhicheng.apps.incentives.rounds.models import (
    AwardRound,
    Candidate,
    CandidateFile,
    ExpertInterest,
    RoundExpert,
    ScoreSheet,
)
from zhicheng.apps.incentives.rounds.stage_models import (
    Ballot,
    BallotCount,
    BallotSeat,
    CommitteeMember,
    DefenceSlot,
    SiteVisit,
    StageRun,
)
from zhicheng.apps.incentives.runs.models import EvaluationRun
from zhicheng.apps.incentives.what_if.models import ClauseDraft, Scenario

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
    "CandidateFile",
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
