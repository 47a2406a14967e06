"""Addresses of the room of cases."""

from django.urls import path

from zhicheng.apps.cases import case_views, filing_views, matter_views, public_views, worklist_views

app_name = "cases"

urlpatterns = [
    path("", worklist_views.index, name="index"),
    path("export.csv", worklist_views.export, name="export"),
    path("board/", worklist_views.board, name="board"),
    path("assign/", worklist_views.assign_many, name="assign_many"),
    path("leave/", worklist_views.leave, name="leave"),
    path("leave/<int:number>/end/", worklist_views.end_leave, name="end_leave"),
    path("notices/", worklist_views.notices, name="notices"),
    path("trace/", public_views.trace, name="trace"),
    path("trace/papers/<int:version>/", public_views.answer_paper, name="answer_paper"),
    path("public/", public_views.guides, name="public"),
    path("public/receipt/", public_views.receipt, name="public_receipt"),
    path("public/<slug:matter>/", public_views.guide, name="public_matter"),
    path("public/<slug:matter>/file/", public_views.file, name="public_file"),
    path("matters/<slug:code>/", matter_views.matter, name="matter"),
    path("matters/<slug:code>.bpmn", matter_views.bpmn, name="matter_bpmn"),
    path("new/", filing_views.choose, name="choose"),
    path("new/<slug:matter>/", filing_views.begin, name="begin"),
    path("drafts/<uuid:key>/", filing_views.draft, name="draft"),
    path("assignments/<int:number>/", case_views.answer, name="answer"),
    path("<int:number>/", case_views.case, name="case"),
    path("<int:number>/receipt/", filing_views.receipt, name="receipt"),
    path("<int:number>/limits.docx", filing_views.limit_note, name="limit_note"),
    path("<int:number>/code/", case_views.new_code, name="new_code"),
    path("<int:number>/act/<slug:action>/", case_views.act, name="act"),
    path("<int:number>/comment/", case_views.comment, name="comment"),
    path("<int:number>/assign/", case_views.assign, name="assign"),
    path("<int:number>/ask/", case_views.ask, name="ask"),
    path("<int:number>/joint/", case_views.joint, name="joint"),
    path("<int:number>/tasks/", case_views.task, name="task"),
    path("<int:number>/link/", case_views.link, name="link"),
    path("<int:number>/supervise/", case_views.supervise, name="supervise"),
    path("<int:number>/materials/", case_views.judge, name="judge"),
    path("<int:number>/papers/", case_views.hand_in, name="hand_in"),
    path("<int:number>/papers/<int:version>/", case_views.paper, name="paper"),
]
