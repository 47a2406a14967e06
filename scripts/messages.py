"""Gathers page texts into the catalogues, compiles them, and checks that nothing is missing.

Message ids are Chinese: the Chinese catalogue repeats them, the English one translates them.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1] / "src" / "zhicheng"
LOCALE = ROOT / "locale"
CALLS = {"gettext", "gettext_lazy", "gettext_noop"}
PLAIN_CALLS = {"say", "later"}  # of the catalogue, which knows no Django: catalogue/wording.py
TAG = re.compile(r"""{%\s*(?:translate|trans)\s+(?:"([^"]*)"|'([^']*)')""")
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?([^%]*)%}(.*?){%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
PLACE = re.compile(r"%\(\w+\)s|%[sd]|{\w*}")


def texts() -> dict[str, list[str]]:
    """Every translatable text and the files it stands in."""
    found: dict[str, list[str]] = {}
    for path in sorted([*(ROOT / "apps").rglob("*.py"), *(ROOT / "site").rglob("*.py")]):
        if "migrations" not in path.parts and "tests" not in path.parts:
            for text in _of_python(path):
                found.setdefault(text, []).append(str(path.relative_to(ROOT)))
    for path in sorted((ROOT / "catalogue").glob("*.py")):
        for text in _of_python(path, PLAIN_CALLS):
            found.setdefault(text, []).append(str(path.relative_to(ROOT)))
    for path in sorted((ROOT / "apps").rglob("templates/**/*.html")):
        for text in _of_template(path.read_text(encoding="utf-8")):
            found.setdefault(text, []).append(str(path.relative_to(ROOT)))
    return {text: places for text, places in found.items() if text.strip()}


def _of_python(path: Path, names: set[str] = CALLS) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = names | {
        one.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for one in node.names
        if one.name in CALLS and one.asname
    }
    return [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in calls
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def _of_template(text: str) -> list[str]:
    found = [double or single for double, single in TAG.findall(text)]
    for options, body in BLOCK.findall(text):
        plain = re.sub(r"{{\s*(\w+)[^}]*}}", r"%(\1)s", body)
        found.append(" ".join(plain.split()) if "trimmed" in options else plain)
    return found


def catalogue(language: str) -> polib.POFile:
    """A catalogue as it stands, or an empty one."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    if path.exists():
        return polib.pofile(str(path))
    fresh = polib.POFile(wrapwidth=110)
    fresh.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Language": language}
    fresh.fpath = str(path)
    return fresh


def gather() -> int:
    """Bring both catalogues up to date, keeping what is translated, and compile them."""
    wanted = texts()
    for language in ("zh_Hans", "en"):
        po = catalogue(language)
        known = {entry.msgid: entry for entry in po}
        po.clear()
        for text, places in sorted(wanted.items()):
            old = known[text].msgstr if text in known else ""
            told = text if language == "zh_Hans" else old
            po.append(
                polib.POEntry(
                    msgid=text, msgstr=told, occurrences=[(place, "") for place in sorted(set(places))]
                )
            )
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        po.save(str(path))
        po.save_as_mofile(str(path.with_suffix(".mo")))
    return check()


def check(*, complete: bool = False) -> int:
    """Say what is missing; 1 when a text is in no catalogue, a placeholder differs or a compiled file is stale.

    With `complete`, an English text that is not translated yet fails as well.
    """
    wanted = texts()
    wrong: list[str] = []
    for language in ("zh_Hans", "en"):
        po = catalogue(language)
        known = {entry.msgid: entry.msgstr for entry in po}
        wrong += [
            f"{language}: 缺少“{text}”（{places[0]}）" for text, places in wanted.items() if text not in known
        ]
        wrong += [
            f"{language}: “{text}”的占位符与译文不一致"
            for text, told in known.items()
            if told and sorted(PLACE.findall(text)) != sorted(PLACE.findall(told))
        ]
        compiled = Path(po.fpath).with_suffix(".mo")
        if not compiled.exists() or {e.msgid: e.msgstr for e in polib.mofile(str(compiled))} != {
            text: told for text, told in known.items() if told
        }:
            wrong.append(f"{language}: 编译文件过期，请运行 make messages")
    untold = [entry.msgid for entry in catalogue("en") if not entry.msgstr]
    print(f"{len(wanted)} texts; {len(untold)} without an English translation")
    if complete:
        wrong += [f"en: 没有译文“{text}”" for text in untold]
    print("\n".join(wrong[:50]), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    verb = sys.argv[1] if len(sys.argv) > 1 else "check"
    sys.exit(gather() if verb == "gather" else check(complete="--complete" in sys.argv))
