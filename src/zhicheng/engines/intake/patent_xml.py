"""Patent documents in XML: CNIPA old and new, WIPO ST.96; one row a document under Chinese headers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from zhicheng.engines.intake.kinds import Unreadable

# Elements that hold one whole patent, in the three families of formats.
DOCUMENTS = {
    "cn-patent-document",
    "PatentDocumentAndRelated",
    "PatentPublication",
    "PatentApplication",
    "exchange-document",
    "us-patent-grant",
    "us-patent-application",
}
Path_ = tuple[str, ...]
# Header → element paths that carry it, tried in order; a path is a chain of local names below the document.
FIELDS: dict[str, tuple[Path_, ...]] = {
    "申请号": (
        ("application-reference", "doc-number"),
        ("ApplicationReference", "DocNumber"),
        ("ApplicationIdentification", "ApplicationNumberText"),
        ("ApplicationNumber", "ApplicationNumberText"),
    ),
    "申请日": (
        ("application-reference", "date"),
        ("ApplicationReference", "Date"),
        ("ApplicationIdentification", "FilingDate"),
        ("FilingDate",),
    ),
    "公开（公告）号": (
        ("publication-reference", "doc-number"),
        ("PublicationReference", "DocNumber"),
        ("PatentPublicationIdentification", "PublicationNumber"),
    ),
    "公开（公告）日": (
        ("publication-reference", "date"),
        ("PublicationReference", "Date"),
        ("PatentPublicationIdentification", "PublicationDate"),
    ),
    "名称": (("invention-title",), ("InventionTitle",)),
    "主分类号": (
        ("main-classification",),
        ("MainClassification",),
        ("classification-ipcr", "text"),
        ("ClassificationIPCR", "Text"),
    ),
    "地址": (("applicant", "address", "text"), ("Applicant", "Address", "Text")),
    "授权日": (("grant-date",), ("GrantDate",), ("PatentGrantIdentification", "GrantDate")),
}
LISTS: dict[str, tuple[Path_, ...]] = {
    "专利权人": (
        ("assignee", "name"),
        ("assignee", "orgname"),
        ("applicant", "name"),
        ("applicant", "orgname"),
        ("Assignee", "Name"),
        ("Applicant", "Name"),
        ("Applicant", "OrganizationStandardName"),
        ("Applicant", "OrganizationName"),
    ),
    "发明人": (("inventor", "name"), ("Inventor", "Name"), ("Inventor", "PersonFullName")),
    "代理机构": (
        ("agency", "name"),
        ("agent", "orgname"),
        ("agent", "agency"),
        ("Agency", "Name"),
        ("Agent", "OrganizationName"),
    ),
    "分类号": (("classification-ipcr", "text"), ("ClassificationIPCR", "Text")),
}


def patent_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield one row for each patent document in the file.

    Raises:
        Unreadable: the XML is broken, tries to declare entities, or holds no patent.
    """
    found = False
    try:
        for _, element in iterparse(str(path), events=("end",), forbid_dtd=False, forbid_entities=True):
            if _local(element) in DOCUMENTS:
                row = _row(element)
                if row.get("申请号"):
                    found = True
                    yield row
                element.clear()
    except DefusedXmlException as error:
        raise Unreadable(
            f"文件“{path.name}”含有实体声明，为安全起见不读取。", fix="请提供不含实体声明的 XML。"
        ) from error
    except ParseError as error:
        line = error.position[0] if error.position else 0
        raise Unreadable(f"文件“{path.name}”第 {line} 行起 XML 不完整。", fix="请重新下载该文件。") from error
    if not found:
        raise Unreadable(
            f"文件“{path.name}”里没有认识的专利文献。", fix="支持 CNIPA 新旧格式和 WIPO ST.96 专利 XML。"
        )


def _local(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _row(document: Element) -> dict[str, str]:
    index = _index(document)
    row = {header: _first(index, paths) for header, paths in FIELDS.items()}
    row |= {header: ";".join(_all(index, paths)) for header, paths in LISTS.items()}
    for header in ("申请日", "公开（公告）日", "授权日"):
        digits = row[header].replace("-", "")[:8]
        row[header] = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == 8 else row[header]
    kind = _first(index, (("publication-reference", "kind"), ("PublicationReference", "Kind")))
    if kind and row["公开（公告）号"] and not row["公开（公告）号"].upper().endswith(kind.upper()):
        row["公开（公告）号"] = f"CN{row['公开（公告）号'].removeprefix('CN')}{kind}"
    if kind.upper() in {"B", "C", "U", "Y", "S", "D"} and not row["授权日"]:
        row["授权日"] = row["公开（公告）日"]
    return row


def _index(document: Element) -> list[tuple[tuple[str, ...], str]]:
    found: list[tuple[tuple[str, ...], str]] = []
    stack: list[tuple[Element, tuple[str, ...]]] = [(document, ())]
    while stack:
        element, trail = stack.pop()
        here = (
            *trail,
            _local(element).removeprefix("cn-"),
        )  # the old format writes cn-applicant, cn-inventor
        text = "".join(element.itertext()).strip() if len(element) == 0 or "title" in here[-1].lower() else ""
        if text:
            found.append((here, text))
        stack.extend((child, here) for child in reversed(list(element)))
    return found


def _matches(trail: tuple[str, ...], wanted: Path_) -> bool:
    if trail[-1] != wanted[-1]:
        return False
    position = 0
    for name in trail:
        if position < len(wanted) and name == wanted[position]:
            position += 1
    return position == len(wanted)


def _first(index: list[tuple[tuple[str, ...], str]], paths: tuple[Path_, ...]) -> str:
    for wanted in paths:
        for trail, text in index:
            if _matches(trail, wanted):
                return " ".join(text.split())
    return ""


def _all(index: list[tuple[tuple[str, ...], str]], paths: tuple[Path_, ...]) -> list[str]:
    for wanted in paths:
        texts = list(
            dict.fromkeys(" ".join(text.split()) for trail, text in index if _matches(trail, wanted))
        )
        if texts:
            return texts
    return []
