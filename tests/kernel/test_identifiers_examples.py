"""The written examples of each identifier rule, valid and invalid, one line each."""

from __future__ import annotations

import pytest

from zhicheng.kernel.identifiers import IDENTIFIERS, IdentifierError, validate

EXAMPLES = {
    "uscc": {
        "ok": "91350100M000100Y43 91110000600037341L 91110000101623741K 911101066976941872 91370100MA00002850"
        " 91370100MA000004XT 11370100MB2810007M",
        "warning": "91110000600037342L 91350100M000100Y4A 91350211M0000XUF46",
        "error": "91350100M000100YO3 91350100M000100Y4 9135010AM000100Y43",
    },
    "patent_application": {
        "ok": "201710601862.3 ZL201710601862.3 CN201710601862.3 202310000001.5 202320000001.0 202330000001.6"
        " 201880000001.2 202010123456.2 202110987654.8 202410123451.8 200310100002.X 202310100007.X"
        " 95115608.X 97101765.4",
        "warning": "97101765 95115608 ZL97101765",
        "error": "201710601862.4 201740601862.3 20171060186.23 201710601862 97101765.5",
    },
    "patent_publication": {
        "ok": "CN107357789A CN107357789B CN207357789U CN307357789S CN101234567B8 CN1030001A CN1003001C "
        "CN2030001Y CN3003001D CN85100001A",
        "error": "CN107357789 CN207357789B CN107357789U CN407357789A CN307357789S0",
    },
    "gtin": {
        "ok": "6901234567892 6923450657713 6901028001571 106141412345678908 9506000134352",
        "error": "6901028001572 690102800157 ABC",
    },
    "org_code": {"ok": "M000100Y4 M000100Y-4", "error": "M000100Y5 M000100Y"},
    "citizen_id": {
        "ok": "11010519491231002X",
        "error": "110105194912310021 110105194913310029 11010519491231002",
    },
    "locarno": {"ok": "21-01 21-01-C0293 LOC(13)Cl.21-01", "error": "33-01 00-01 2101 21-01-293"},
    "trademark": {
        "ok": "12345678 12345678/25 G1234567 12345678A 第12345678号",
        "error": "123456789 12345678/46 商标",
    },
    "nice_class": {"ok": "1 09 45 第25类", "error": "0 46 九"},
    "similar_group": {"ok": "0301 4506", "warning": "0399", "error": "4601 301"},
    "ipc": {"ok": "A61K31/00 G06F17/30(2006.01)I H04L", "error": "Z01 A6 31/00"},
    "industry": {"ok": "3911 C3911 C 39", "error": "9999 D3911"},
    "phone": {"ok": "13800001234 +86-13800001234 0536-8091234 12345", "error": "1380000123 99"},
}
STANDARDS = {
    "ok": (
        "GB/T 42748-2023",
        "GB 32100-2015",
        "GB/Z 19579—2012",
        "NY/T 391-2021",
        "DB37/T 4563-2022",
        "DB3701/T 20—2021",
        "T/CAS 123-2024",
        "Q/HR001 002-2024",
        "ISO 9001:2015",
        "ISO/IEC 27001:2022",
        "IEC 60601-1:2005",
    ),
    "warning": ("ZZ/T 391-2021",),
    "error": ("GB/T 42748", "DB370/T 1-2020", "DB3701/T 20-21", "T/ 1-2020"),
}
CASES = [
    (kind, level, text)
    for kind, levels in EXAMPLES.items()
    for level, texts in levels.items()
    for text in texts.split()
] + [("standard", level, text) for level, texts in STANDARDS.items() for text in texts]


@pytest.mark.parametrize(("kind", "level", "text"), CASES)
def test_each_example_gets_its_level(kind, level, text):
    verdict = validate(kind, text)
    assert verdict.level == level, verdict.message
    assert bool(verdict.message) == (level != "ok")


@pytest.mark.parametrize(("kind", "level", "text"), [case for case in CASES if case[1] == "error"])
def test_a_refusal_says_value_fix_and_source(kind, level, text):
    with pytest.raises(IdentifierError) as refused:
        IDENTIFIERS[kind].parse(text)
    shown = text if kind not in ("citizen_id", "phone") else IDENTIFIERS[kind].mask(text)
    assert shown in refused.value.what
    assert refused.value.fix
    assert refused.value.source


@pytest.mark.parametrize(("kind", "level", "text"), [case for case in CASES if case[1] != "error"])
def test_what_was_judged_good_keeps_its_normal_form(kind, level, text):
    rule = IDENTIFIERS[kind]
    normal = rule.parse(text).normal
    assert rule.normalise(text) == normal
    assert rule.normalise(normal) == normal
    assert rule.parse(normal).normal == normal
    assert rule.explain(text)


@pytest.mark.parametrize(
    ("kind", "written", "normal"),
    [
        ("uscc", " ９１３５０１００ｍ０００１００ｙ４３ ", "91350100M000100Y43"),
        ("patent_application", "ZL 2017 1 0601862．3", "2017106018623"),
        ("patent_application", "zl201710601862。3", "2017106018623"),
        ("patent_application", "97101765", "971017654"),
        ("patent_publication", "cn 107357789 b", "CN107357789B"),
        ("patent_publication", "107357789B", "CN107357789B"),
        ("standard", "gb/t42748—2023", "GB/T 42748-2023"),
        ("standard", "ＧＢ／Ｔ　４２７４８－２０２３", "GB/T 42748-2023"),
        ("standard", "GBT 42748 - 2023", "GB/T 42748-2023"),
        ("standard", "DB37/T4563–2022", "DB37/T 4563-2022"),
        ("standard", "T/CAS123-2024", "T/CAS 123-2024"),
        ("standard", "ISO/IEC 27001-2022", "ISO/IEC 27001:2022"),
        ("trademark", "第 01234567 号 第 09 类", "1234567/9"),
        ("gtin", "690 1234 56789 2", "6901234567892"),
        ("locarno", "8/5", "08-05"),
        ("phone", "+86 138-0000-1234", "13800001234"),
    ],
)
def test_people_write_it_their_way_and_it_is_stored_one_way(kind, written, normal):
    assert validate(kind, written)[0] != "error"
    assert IDENTIFIERS[kind].normalise(written) == normal


def test_the_dot_of_an_application_number_stands_before_the_check_digit_only():
    verdict = validate("patent_application", "20171060186.23")
    assert "小数点" in verdict.message
    assert verdict.normal == "20171060186.23"


def test_the_parts_of_a_local_standard_name_its_region():
    parsed = IDENTIFIERS["standard"].parse("DB3707/T 20-2021")
    assert (parsed.level, parsed.region, parsed.recommended) == ("local", "370700", True)


def test_a_citizen_is_never_shown_in_full():
    rule = IDENTIFIERS["citizen_id"]
    number = "11010519491231002X"
    shown = [
        rule.mask(number),
        repr(rule.parse(number)),
        *rule.explain(number),
        validate("citizen_id", number[:-1] + "1").message,
    ]
    assert all("19491231" not in line for line in shown)
    assert IDENTIFIERS["phone"].mask("13800001234") == "138****1234"
