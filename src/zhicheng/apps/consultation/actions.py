"""Everything that changes the loop, gathered from its topics: one function, one transaction, one audit event."""

from zhicheng.apps.consultation.answering import answer, hand_back, report
from zhicheng.apps.consultation.corrections import correct_participant, correct_speech, look_again, note_reply
from zhicheng.apps.consultation.following import (
    decide_policy_link,
    decide_transfer,
    draw_sample,
    propose_policy_link,
    propose_transfer,
    verify,
)
from zhicheng.apps.consultation.judging import add_evidence, judge, reopen, write_summary
from zhicheng.apps.consultation.links import issue_link, revoke_link
from zhicheng.apps.consultation.packages import decline, submit_list
from zhicheng.apps.consultation.passages import add_task, merge, release, set_aside, take_up
from zhicheng.apps.consultation.recurring import decide_recurrence, link_recurrence
from zhicheng.apps.consultation.rules import set_rules
from zhicheng.apps.consultation.sessions import (
    add_participant,
    add_speech,
    change_role,
    form_group,
    open_session,
)
from zhicheng.apps.consultation.supervising import (
    assign,
    check,
    close,
    extend,
    instruct,
    park,
    return_answer,
    urge,
)

__all__ = [
    "add_evidence",
    "add_participant",
    "add_speech",
    "add_task",
    "answer",
    "assign",
    "change_role",
    "check",
    "close",
    "correct_participant",
    "correct_speech",
    "decide_policy_link",
    "decide_recurrence",
    "decide_transfer",
    "decline",
    "draw_sample",
    "extend",
    "form_group",
    "hand_back",
    "instruct",
    "issue_link",
    "judge",
    "link_recurrence",
    "look_again",
    "merge",
    "note_reply",
    "open_session",
    "park",
    "propose_policy_link",
    "propose_transfer",
    "release",
    "reopen",
    "report",
    "return_answer",
    "revoke_link",
    "set_aside",
    "set_rules",
    "submit_list",
    "take_up",
    "urge",
    "verify",
    "write_summary",
]
