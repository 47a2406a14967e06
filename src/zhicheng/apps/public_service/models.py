"""What public services were given, gathered for Django."""

from zhicheng.apps.public_service.outreach import (
    Ambassador,
    Briefing,
    Consultation,
    Event,
    Fair,
    Material,
    Training,
)
from zhicheng.apps.public_service.visits import Handbook, Problem, Visit, VisitPerson

__all__ = [
    "Ambassador",
    "Briefing",
    "Consultation",
    "Event",
    "Fair",
    "Handbook",
    "Material",
    "Problem",
    "Training",
    "Visit",
    "VisitPerson",
]
