"""Words of the room can be translated, and the record does not change its language with its reader."""

from __future__ import annotations

from django.utils import translation

from zhicheng.apps.consultation import actions, board, telling
from zhicheng.apps.consultation.item_views import SHOWS
from zhicheng.apps.consultation.models import ItemEvent, Letter, Package
from zhicheng.apps.consultation.personal_views import PLAIN
from zhicheng.apps.consultation.states import STEPS
from zhicheng.apps.consultation.supervising import QUESTIONS

from .conftest import day


class Marked:
    """Every message id that was asked for while a page was made."""

    def __init__(self, monkeypatch) -> None:
        from django.utils.translation import trans_real

        self.asked: set[str] = set()
        original = trans_real.gettext

        def gettext(message: str) -> str:
            self.asked.add(str(message))
            return original(message)

        monkeypatch.setattr(trans_real, "gettext", gettext)
        monkeypatch.setattr(translation._trans, "gettext", gettext, raising=False)


def test_every_word_of_the_board_is_asked_of_the_catalogue(road, monkeypatch):
    road.in_hand()
    with translation.override("en"):
        marked = Marked(monkeypatch)
        found = board.board(road.offices.cppcc, region="370700", on=day(20))
    for one in found.measures:
        assert one.why
    assert {"重开过的事项", "雷同答复", "无本人评价的销号", "只与以上各项并列，不单独公布"} <= marked.asked


def test_words_that_pages_show_are_lazy_so_that_each_reader_gets_his_or_her_language():
    from django.utils.functional import Promise

    shown = [
        *QUESTIONS.values(),
        *(words for pair in PLAIN.values() for words in pair),
        *(label for _, label in SHOWS),
    ]
    shown += [one.label for one in STEPS.values()]
    assert all(isinstance(one, Promise) for one in shown)


def test_every_step_that_is_told_has_its_words():
    # `list` is not told by letter; `check` brings its own letter with the whole answer.
    assert set(STEPS) - set(telling.WORDS) <= {"list", "check"}


def test_an_office_that_reads_english_writes_the_record_in_the_citys_language(road):
    with translation.override("en"):
        item = road.checked()
        actions.judge(speaker=road.speakers[0], item=item.number, value="fair", on=day(40))
        actions.judge(
            speaker=road.speakers[1], item=item.number, value="fair", on=day(40), by=road.offices.cppcc
        )
        summary = actions.write_summary(speaker=road.speakers[0], on=day(41), by=road.offices.cppcc)
    assert sorted(Package.objects.values_list("number", flat=True))[-1].endswith("问题清单-1")
    assert "基本满意" in ItemEvent.objects.get(item=item, step="judge").why
    assert "已评价" in summary.text
    assert all("您" in one.text for one in Letter.objects.filter(item=item))
