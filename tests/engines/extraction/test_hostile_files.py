"""Whatever bytes come in: a reading or a refusal in words, within hard limits of time and memory."""

from __future__ import annotations

import io
import random
import resource
import subprocess
import sys
import zipfile

import pytest

from tests.engines.extraction.short import taken_from
from zhicheng.engines.extraction.repairing import read_bytes
from zhicheng.kernel.refusals import Refusal

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TEXT = "清溪市有效发明专利拥有量达到950件，同比增长7%，居全省第三位。"
SECONDS, BYTES = 120, 1536 * 1024**2


def docx(body: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
        )
    return packed.getvalue()


def pdf(content: bytes = b"") -> bytes:
    """A small whole PDF of one page."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer<</Root 1 0 R/Size 6>>\nstartxref\n%d\n%%%%EOF" % len(out)
    )


PAGE = b"BT /F 12 Tf 10 100 Td (Patents in force: 950 pieces in all of the city) Tj ET"
WORD_FILE = docx(f"<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>")


def settles(data: bytes, name: str = "随机.bin") -> str:
    """Read and extract; anything but a reading or a refusal in words is a defect."""
    try:
        taken_from(data, name)
    except Refusal as refusal:
        return str(refusal)
    return "read"


@pytest.mark.parametrize(
    "head", [b"", b"PK\x03\x04", b"%PDF-1.7\n", b"<html><body>", b"\xff\xfe", b"\xef\xbb\xbf"]
)
def test_random_bytes_are_read_or_refused(head):
    dice = random.Random(20311106)
    for size in (1, 2, 7, 40, 300, 5000):
        for _ in range(5):
            assert settles(head + dice.randbytes(size))


@pytest.mark.parametrize("whole", [WORD_FILE, pdf(PAGE), f"<html><body><p>{TEXT}</p></body></html>".encode(), TEXT.encode("gb18030"), TEXT.encode("utf-16")])  # fmt: skip
def test_a_file_cut_anywhere_is_read_or_refused(whole):
    for cut in range(1, len(whole), max(1, len(whole) // 40)):
        assert settles(whole[:cut])


@pytest.mark.parametrize("whole", [WORD_FILE, pdf(PAGE)])
def test_a_file_with_flipped_bytes_is_read_or_refused(whole):
    dice = random.Random(7)
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(5):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        assert settles(bytes(damaged))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "是空的"),
        (b"   \n", "空"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "图片"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "旧版 Office"),
        (pdf(), "没有文字"),
        (b"%PDF-1.7 nothing", "已损坏"),
        (b"PK\x03\x04 nothing", "打不开"),
        (b"<div>" * 3000 + TEXT.encode(), "嵌套超过"),
        (docx("<w:p>" * 900 + "</w:p>" * 900), "嵌套超过"),
        (docx("<w:p></w:p>"), "没有文字"),
        (("发展" * 60_000).encode(), "一行长达"),
        (f"{TEXT}\n".encode() * 20_000, "超过"),
        (docx(" " * 40_000_000), "压缩炸弹"),
        (b"<html><body><script>" + b"x" * 1000 + b"</script></body></html>", "没有文字"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_the_reason_and_a_way_out(data, words):
    with pytest.raises(Refusal) as refused:
        read_bytes(data, name="文件.bin")
    assert words in str(refused.value)
    assert refused.value.fix


def test_entities_in_a_word_file_are_not_expanded():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "{"a" * 100}">]><w:document xmlns:w="{WORD}"><w:p>&a;</w:p></w:document>',
        )
    with pytest.raises(Refusal):
        read_bytes(packed.getvalue(), name="实体.docx")


LONG_LINES = {
    "figures": TEXT.rstrip("。") + "，", "digits": "1", "groups": "12,", "numerals": "一百", "ranks": "居全省第三位、", "rewards": "对获得甲奖的企业奖励10万元，",
    "quotes": "“一二三", "notes": "(xié", "marks": "?！苯", "stages": "一年打基础、", "titles": "市长王甲、", "names": "清溪市知识产权局",
    "address": "a.b@c", "spaces": "1 ", "angles": "<", "entities": "&a",
}  # fmt: skip


@pytest.mark.parametrize("unit", LONG_LINES.values(), ids=LONG_LINES)
def test_long_lines_stay_within_hard_limits_of_time_and_memory(unit):
    """The limits are the kernel's: a rule that runs away kills the child, and the test fails."""
    data = f"{unit * (24_000 // len(unit))}\n".encode() * 3
    code = (
        "import sys;from zhicheng.engines.extraction.repairing import read_bytes;from zhicheng.engines.extraction.extracting import extract;"
        "from zhicheng.kernel.refusals import Refusal\n"
        "try: print(len(extract(read_bytes(sys.stdin.buffer.read(), name='x')).figures))\nexcept Refusal as r: print(r)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=data, capture_output=True, preexec_fn=_limit, check=False
    )
    assert done.returncode == 0, done.stderr[-400:]
    assert done.stdout


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
