"""A damaged text is repaired, every repair is logged, and each character still leads back to the file."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhicheng.engines.extraction.repairing import read_bytes, read_text

PARAGRAPH = "清溪市加强知识产权保护，完善服务体系，推动高质量发展，企业的创新能力明显增强。"


def kinds(reading):
    return {one.kind for one in reading.repairs}


def test_a_note_that_is_a_reading_of_the_character_before_it_is_dropped_and_logged():
    reading = read_text("市政協(xié)召開會議，協(xié)商知識產(chǎn)權(quán)保護工作。")
    assert reading.text == "市政协召开会议，协商知识产权保护工作。"
    notes = [one for one in reading.repairs if one.kind == "pinyin_note"]
    assert [reading.raw[one.start : one.end] for one in notes] == ["(xié)", "(xié)", "(chǎn)", "(quán)"]


@pytest.mark.parametrize(
    "kept",
    [
        "中国质量(杭州)大会",
        "（记者 林甲）",
        "检验中心(宁波)有限公司",
        "协(xīng)商",
        "协(hello)商",
        "产(123)权",
    ],
)
def test_any_other_bracket_stays(kept):
    assert kept in read_text(f"{kept}今天举行，各方代表参加了会议。").text


def one_byte_off(text: str, before: str) -> str:
    """The text as it reads after the first byte of the character behind ``before`` became a question mark."""
    data = text.encode("gb18030")
    at = len(text[: text.index(before) + len(before)].encode("gb18030"))
    return (data[:at] + b"?" + data[at + 1 :]).decode("gb18030", "replace")


def test_a_run_read_one_byte_off_is_shifted_back_and_the_lost_byte_chosen_by_context():
    whole = (
        f"{PARAGRAPH}他說：“要把品牌質量作為主攻方向，久久為功，善作善成。”近日，“品牌質量”座談會在清溪舉行。"
    )
    reading = read_text(one_byte_off(whole, "善作善成"))
    assert "善作善成。”近日，“品牌质量”座谈会在清溪举行。" in reading.text
    run = next(one for one in reading.repairs if one.kind == "shifted_run")
    assert Decimal(0) < run.confidence < 1
    assert run.candidates[0].startswith("。”")
    assert reading.raw[run.start : run.end] == run.before


def test_a_repeated_phrase_decides_which_character_lost_its_byte():
    whole = (
        f"{PARAGRAPH}企業從“產品出海——品牌出海——標準出海”三級跨越，產品出海帶動了就業，品牌出海帶來了訂單。"
    )
    assert "品牌出海——标准出海" in read_text(one_byte_off(whole, "——品牌出")).text


def test_a_byte_that_nothing_decides_stays_a_mark_and_is_never_invented():
    data = PARAGRAPH.encode("gb18030") + b"\x81" + "：".encode("gb18030")
    reading = read_bytes(data + "\n清单另附。".encode("gb18030"), name="残缺.txt")
    assert "高质量发展" in reading.text
    damaged = [one for one in reading.repairs if one.kind in ("shifted_run", "lost_character")]
    assert all(one.confidence < 1 for one in damaged)


@pytest.mark.parametrize(
    ("mixed", "plain"),
    [
        ("要著力推動質量提升，成效顯著", "要着力推动质量提升，成效显著"),
        ("他的著作著眼長遠，沿著既定方向", "他的著作着眼长远，沿着既定方向"),
        ("以後的發展，皇后大道", "以后的发展，皇后大道"),
        ("乾淨的裡程，復雜的制度", "干净的里程，复杂的制度"),
    ],
)
def test_a_one_to_one_conversion_is_simplified_by_the_word_not_by_the_character(mixed, plain):
    opening = "清溪市召開知識產權保護大會，對強化質量標準進行安排部署，"
    assert read_text(f"{opening}{mixed}。").text.endswith(f"{plain}。")


def test_full_width_digits_odd_spaces_and_entities_become_plain_and_keep_their_place():
    raw = "全市有效发明专利&nbsp;２７，６５０&#20214;，占比１２．５％，授信\u00a0４０００多万元。"
    reading = read_text(raw)
    assert reading.text == "全市有效发明专利 27,650件，占比12.5%，授信 4000多万元。"
    assert {"width", "space", "entity"} <= kinds(reading)
    at = reading.text.index("12.5")
    start, end = reading.raw_span(at, at + 4)
    assert reading.raw[start:end] == "１２．５"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "big5"])
def test_any_encoding_is_detected_and_shown(encoding):
    text = (
        "本市加強知識產權保護，發明專利有1234件，同比增長5%，居全國前列。"
        if encoding == "big5"
        else PARAGRAPH
    )
    reading = read_bytes(text.encode(encoding), name="文.txt")
    assert reading.encoding.lower().replace("_", "-").startswith(encoding.split("-")[0][:3])
    assert "知识产权保护" in reading.text
    assert not reading.text.startswith("\ufeff")


def test_every_character_of_the_text_leads_to_a_place_in_the_file_that_does_not_run_backwards():
    reading = read_text(f"首頁>新聞\n清溪市召開知識產(chǎn)權(quán)大會\n來源：清溪日報\n{PARAGRAPH * 3}\n")
    starts = [reading.raw_span(at, at + 1)[0] for at in range(len(reading.text))]
    assert starts == sorted(starts)
    assert all(0 <= start < len(reading.raw) for start in starts)


def test_the_log_holds_the_raw_words_of_every_repair():
    reading = read_text("市政協(xié)召開&amp;會議，著力推動，１２件。" * 3)
    assert len(reading.repairs) > 5
    assert all(reading.raw[one.start : one.end] == one.before for one in reading.repairs)
