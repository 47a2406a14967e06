"""Every indicator is recognised in the sentences a press text would use for it, and only there."""

from __future__ import annotations

import pytest

from tests.engines.extraction.press_sentences import SENTENCES
from zhicheng.catalogue.alias_loader import load_aliases
from zhicheng.engines.extraction.extracting import extract
from zhicheng.engines.extraction.repairing import read_text

CASES = [(identity, sentence) for identity, sentences in SENTENCES.items() for sentence in sentences]


@pytest.mark.parametrize(("identity", "marked"), CASES)
def test_a_press_sentence_gives_its_number_the_id_of_the_indicator(identity, marked):
    before, rest = marked.split("《《")
    written, after = rest.split("》》")
    figures = extract(read_text(before + written + after), aliases=load_aliases()).figures
    found = {one.start: one for one in figures}
    assert len(before) in found, [f"{one.value}{one.unit}" for one in figures]
    assert (found[len(before)].end, found[len(before)].indicator_id) == (len(before + written), identity)
