"""Addresses of the room of policies paid out."""

from django.urls import include, path

from zhicheng.apps.incentives.applications import office_views as application_office_views
from zhicheng.apps.incentives.applications import views as application_views
from zhicheng.apps.incentives.batches import views as batch_views
from zhicheng.apps.incentives.firms import views as firm_views
from zhicheng.apps.incentives.notices import strike_views
from zhicheng.apps.incentives.notices import views as notice_views
from zhicheng.apps.incentives.payment import money_views, person_views
from zhicheng.apps.incentives.payment import views as payment_views
from zhicheng.apps.incentives.policies import views as policy_views
from zhicheng.apps.incentives.rounds import apply_views, file_views, score_views, stage_views
from zhicheng.apps.incentives.rounds import views as round_views
from zhicheng.apps.incentives.runs import views as run_views

app_name = "incentives"

urlpatterns = [
    path("", policy_views.index, name="index"),
    path("simulation/", include("zhicheng.apps.incentives.what_if.urls")),
    path("policies/", policy_views.policies, name="policies"),
    path("clauses/<str:clause>/", policy_views.clause, name="clause"),
    path("runs/", run_views.run_list, name="runs"),
    path("runs/working/<str:token>/", run_views.working, name="working"),
    path("runs/<int:number>/", run_views.run, name="run"),
    path("runs/<int:number>/answer/", run_views.answer, name="answer"),
    path("runs/<int:number>/check/", run_views.check, name="run_check"),
    path("runs/<int:number>/unmatched/", run_views.unmatched, name="unmatched"),
    path("runs/<int:number>/export.<str:form>", run_views.run_file, name="run_file"),
    path("batches/", batch_views.batch_list, name="batches"),
    path("batches/new/", batch_views.freeze, name="freeze"),
    path("batches/<slug:number>/", batch_views.batch, name="batch"),
    path("batches/<slug:number>/history/", batch_views.history, name="history"),
    path("batches/<slug:number>/step/", batch_views.step, name="step"),
    path("batches/<slug:number>/rows/<int:row>/", batch_views.row, name="row"),
    path("batches/<slug:number>/rows/<int:row>/account/", person_views.account, name="row_account"),
    path("batches/<slug:number>/rows/<int:row>/dispute/", person_views.dispute, name="row_dispute"),
    path("batches/<slug:number>/rows/<int:row>/decide/", batch_views.decide, name="decide"),
    path("batches/<slug:number>/objections/<int:objection>/choose/", strike_views.choose, name="strike"),
    path("batches/<slug:number>/objections/<int:objection>/", batch_views.answer_objection, name="objection"),
    path("batches/<slug:number>/export.<str:form>", batch_views.batch_file, name="batch_file"),
    path("batches/<slug:number>/orders/", payment_views.orders, name="orders"),
    path("batches/<slug:number>/orders/bank/", payment_views.bank_file, name="bank_file"),
    path(
        "batches/<slug:number>/orders/bank/<int:file>/", payment_views.bank_file_again, name="bank_file_again"
    ),
    path("batches/<slug:number>/orders/results/", payment_views.results, name="results"),
    path("batches/<slug:number>/orders/results/<int:result>/", payment_views.result, name="result"),
    path(
        "batches/<slug:number>/orders/results/<int:result>/export.<str:form>",
        payment_views.result_file,
        name="result_file",
    ),
    path("batches/<slug:number>/orders/<int:order>/step/", payment_views.order_step, name="order_step"),
    path("batches/<slug:number>/orders/export.<str:form>", payment_views.order_file, name="order_file"),
    path("notices/", notice_views.notices, name="notices"),
    path("notices/objection/", notice_views.objection_trace, name="objection_trace"),
    path("notices/<slug:number>/", notice_views.notice, name="notice"),
    path("notices/<slug:number>/export.<str:form>", notice_views.notice_file, name="notice_file"),
    path("budget/", money_views.budget, name="budget"),
    path("budget/export.<str:form>", money_views.budget_file, name="budget_file"),
    path("settings/", money_views.settings_page, name="settings"),
    path("clawbacks/", money_views.clawback_list, name="clawbacks"),
    path("clawbacks/check/", money_views.check_paid, name="check_paid"),
    path("clawbacks/<int:number>/step/", money_views.clawback_step, name="clawback_step"),
    path("clawbacks/export.<str:form>", money_views.clawback_file, name="clawback_file"),
    path("disputes/", money_views.dispute_list, name="disputes"),
    path("own/", firm_views.own, name="own"),
    path("own/confirm/", firm_views.confirm, name="confirm"),
    path("own/confirmations/<int:number>/withdraw/", firm_views.withdraw, name="withdraw"),
    path("own/dispute/", firm_views.dispute, name="dispute"),
    path("own/applications/new/", application_views.new, name="application_new"),
    path("own/applications/<int:number>/", application_views.application, name="application"),
    path("own/applications/<int:number>/step/", application_views.step, name="application_step"),
    path(
        "own/applications/<int:number>/proofs/<int:proof>/", application_views.proof, name="application_proof"
    ),
    path("applications/", application_office_views.worklist, name="applications"),
    path("applications/export.<str:form>", application_office_views.worklist_file, name="applications_file"),
    path("applications/<int:number>/", application_office_views.application, name="application_office"),
    path("applications/<int:number>/step/", application_office_views.step, name="application_decide"),
    path("firms/", firm_views.firms, name="firms"),
    path("firms/<int:number>/", firm_views.firm, name="firm"),
    path("firms/<int:number>/lists/<slug:kind>/", firm_views.firm_list, name="firm_list"),
    path("firms/<int:number>/export.<str:form>", firm_views.firm_file, name="firm_file"),
    path("disputes/<int:number>/", money_views.answer_dispute, name="answer_dispute"),
    path("rounds/", round_views.round_list, name="rounds"),
    path("rounds/new/", round_views.new, name="round_new"),
    path("rounds/<slug:number>/", round_views.award_round, name="round"),
    path("rounds/<slug:number>/step/", round_views.step, name="round_step"),
    path("rounds/<slug:number>/apply/", apply_views.apply, name="apply"),
    path(
        "rounds/<slug:number>/candidates/<int:candidate>/", round_views.candidate_step, name="candidate_step"
    ),
    path(
        "rounds/<slug:number>/candidates/<int:candidate>/files/<int:file>/",
        file_views.candidate_file,
        name="candidate_file",
    ),
    path(
        "rounds/<slug:number>/objections/<int:objection>/",
        round_views.answer_objection,
        name="round_objection",
    ),
    path("rounds/<slug:number>/stage/", stage_views.stage_step, name="stage_step"),
    path("rounds/<slug:number>/timetable/<int:place>/", stage_views.timetable, name="timetable"),
    path(
        "rounds/<slug:number>/timetable/<int:place>/export.<str:form>",
        stage_views.timetable_file,
        name="timetable_file",
    ),
    path("rounds/<slug:number>/votes/export.<str:form>", stage_views.votes_file, name="votes_file"),
    path("rounds/<slug:number>/export.<str:form>", round_views.round_file, name="round_file"),
    path("notices/rounds/<slug:number>/", notice_views.round_notice, name="round_notice"),
    path("scoring/", score_views.scores, name="scoring"),
    path("scoring/interests/", score_views.declare, name="declare"),
    path("scoring/ballots/<int:number>/", score_views.ballot, name="ballot"),
    path("scoring/ballots/<int:number>/files/<int:file>/", file_views.ballot_file, name="ballot_file"),
    path("scoring/<int:number>/files/<int:file>/", file_views.sheet_file, name="sheet_file"),
    path("scoring/<int:number>/", score_views.sheet, name="sheet"),
]
