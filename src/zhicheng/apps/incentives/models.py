"""What the room stores: batches, money, award rounds, saved what-ifs, and payments other levels made."""

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
from zhicheng.apps.incentives.record_models import ReceivedPayment
from zhicheng.apps.incentives.round_models import (
    AwardRound,
    Candidate,
    ExpertInterest,
    RoundExpert,
    ScoreSheet,
)
from zhicheng.apps.incentives.run_models import EvaluationRun
from zhicheng.apps.incentives.scenario_models import ClauseDraft, Scenario

__all__ = [
    "AwardRound",
    "BankFile",
    "Batch",
    "BudgetEntry",
    "Candidate",
    "ClauseDraft",
    "Clawback",
    "Confirmation",
    "Entitlement",
    "EvaluationRun",
    "ExpertInterest",
    "FactDispute",
    "FreedSeat",
    "Objection",
    "PayeeAccount",
    "PaymentOrder",
    "PayoutSettings",
    "ReceivedPayment",
    "ResultFile",
    "RoundExpert",
    "Scenario",
    "ScoreSheet",
]
