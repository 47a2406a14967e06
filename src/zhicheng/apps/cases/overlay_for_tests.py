"""A second version of a shipped matter in a city's overlay, for tests of moving running cases."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

SHIPPED = resources.files("zhicheng.catalogue").joinpath("matters/admin_adjudication.yaml")


RECEIVED_STAGE = re.compile(
    r"(?<=\n  )received(?=: \{name)|(?<=to: )received|(?<=expect: )received|(?<=from: )received|(?<=\[)received"
)


def second_version(folder: Path, *, received: str = "received") -> Path:
    """Write version 2 of the adjudication, in which the office has seven working days to accept.

    `received` is what the second version calls the stage of that name. The first version ends the day before, so that both can stand in the catalogue; its running cases keep it.
    """
    text = SHIPPED.read_text(encoding="utf-8")
    place = folder / "matters"
    place.mkdir(parents=True)
    first = text.replace("since: 2025-02-01", "since: 2025-02-01\nuntil: 2026-07-13")
    second = text.replace("version: 1", "version: 2", 1).replace("since: 2025-02-01", "since: 2026-07-14")
    second = second[: second.index("\nexamples:")].replace(
        "    term: 5 working_days\n    promised: 3", "    term: 7 working_days\n    promised: 3", 1
    )
    examples = (
        "\nexamples:\n  - name: 七个工作日\n    received: 2026-07-14\n    facts: {sued: false, continuing: true, respondent_abroad: false, "
        "patent_kind: invention, standing: owner}\n    steps:\n"
        "      - {day: 2026-07-14, do: file, as: applicant, expect: received, due: {filing: 2026-07-23}}\n"
    )
    (place / "admin_adjudication.v1.yaml").write_text(first, encoding="utf-8")
    (place / "admin_adjudication.v2.yaml").write_text(
        RECEIVED_STAGE.sub(received, second + examples), encoding="utf-8"
    )
    return folder
