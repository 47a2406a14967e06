"""The Django app of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncentivesConfig(AppConfig):
    """政策兑现."""

    name = "zhicheng.apps.incentives"
    verbose_name = _("政策兑现")

    def ready(self) -> None:
        """Say on the home page what waits for a person here, and follow the ledger."""
        from django.db.models.signals import post_save  # noqa: PLC0415 - models are ready only now

        from zhicheng.apps.cases.public import when_ended, when_taken  # noqa: PLC0415
        from zhicheng.apps.incentives import overview, tasks  # noqa: PLC0415
        from zhicheng.apps.incentives.applications import cases as application_cases  # noqa: PLC0415
        from zhicheng.apps.incentives.firms import card as firm_card  # noqa: PLC0415
        from zhicheng.apps.incentives.models import PaymentOrder  # noqa: PLC0415
        from zhicheng.apps.incentives.notices import objection_cases, open_objections  # noqa: PLC0415
        from zhicheng.apps.incentives.rounds import card as reviewer_card  # noqa: PLC0415
        from zhicheng.apps.incentives.rounds import stage_queries  # noqa: PLC0415
        from zhicheng.apps.records.public import ChangeSet  # noqa: PLC0415
        from zhicheng.apps.web.public import answered_by, cards  # noqa: PLC0415

        cards.add(40, overview.officer_card)
        cards.add(20, firm_card.firm_card)
        cards.add(15, reviewer_card.reviewer_card)
        answered_by("scoring", stage_queries.called_from_elsewhere)
        when_ended(open_objections.MATTER, objection_cases.ended)
        when_ended(application_cases.MATTER, application_cases.ended)
        when_taken(application_cases.MATTER, "accept", application_cases.accepted)
        post_save.connect(
            application_cases.after_payment, sender=PaymentOrder, dispatch_uid="incentives.after_payment"
        )
        post_save.connect(tasks.after_change, sender=ChangeSet, dispatch_uid="incentives.after_change")
