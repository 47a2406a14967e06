"""Entry point of the `zhicheng` command: finds a room's verb only when it is called for."""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from importlib.util import find_spec

import click

from zhicheng.kernel.refusals import Refusal

# verb → (module, attribute, needs the city's database). A verb that needs none starts without Django.
VERBS: dict[str, tuple[str, str, bool]] = {
    "init": ("zhicheng.apps.records.commands", "init", True),
    "load": ("zhicheng.apps.records.commands", "load", True),
    "changes": ("zhicheng.apps.records.commands", "changes", True),
    "snapshot": ("zhicheng.apps.figures.commands", "snapshot", True),
    "figures": ("zhicheng.apps.figures.commands", "figures", True),
    "users": ("zhicheng.apps.accounts.commands", "users", True),
    "verify-audit": ("zhicheng.apps.accounts.commands", "verify_audit", True),
    "backup": ("zhicheng.apps.accounts.commands", "backup", True),
    "restore": ("zhicheng.apps.accounts.commands", "restore", True),
    "keys": ("zhicheng.apps.accounts.commands", "keys", True),
    "demo": ("zhicheng.apps.demo.commands", "demo", True),
    "serve": ("zhicheng.apps.web.commands", "serve", True),
    "news": ("zhicheng.apps.intelligence.commands", "news", False),
    "bulletin": ("zhicheng.apps.intelligence.bulletin_commands", "bulletin", True),
    "clock": ("zhicheng.apps.cases.clock_commands", "clock", False),
    "matters": ("zhicheng.apps.cases.matter_commands", "matters", False),
    "cases": ("zhicheng.apps.cases.commands", "cases", True),
    "consultation": ("zhicheng.apps.consultation.commands", "consultation", True),
    "policies": ("zhicheng.apps.incentives.commands", "policies", True),
    "catalogue": ("zhicheng.catalogue.commands", "catalogue", False),
}

UNREADABLE_EXIT = 2


class Verbs(click.Group):
    """A group that imports a verb's module on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every verb whose room is installed, in the order a newcomer meets them."""
        return [verb for verb, (module, _, _) in VERBS.items() if _installed(module)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one verb, or None when there is no such verb."""
        if cmd_name not in VERBS or not _installed(VERBS[cmd_name][0]):
            return None
        module, attribute, needs_city = VERBS[cmd_name]
        if needs_city:
            open_city()
        command: click.Command = getattr(import_module(module), attribute)
        return command


def _installed(module: str) -> bool:
    """Tell whether a verb's module is there, without importing it."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def open_city() -> None:
    """Set Django up for the city whose data folder is configured."""
    import django  # noqa: PLC0415 - a verb without a database never loads it

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.site.settings")
    django.setup()


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zhicheng")
def main() -> None:
    """知城 Zhicheng: one ledger, every figure computed from it and open to its rows."""


def in_words(error: click.ClickException) -> str:
    """What was typed wrongly: where, the value, what it should be, and where help stands."""
    context = getattr(error, "ctx", None)
    more = f"用法：{context.command_path} --help" if context else ""
    match error:
        case click.exceptions.NoSuchOption():
            near = f"是否要写 {'、'.join(error.possibilities)}？" if error.possibilities else ""
            said = f"没有选项 {error.option_name}。{near}"
        case click.MissingParameter():
            said = f"缺少 {_parameter(error)}。"
        case click.BadParameter():
            said = f"{_parameter(error)} 的值不对：{_said(error.message)}"
        case _:
            said = error.format_message()
    return f"{said}\n{more}".strip()


# what click says of a value, and the same in Chinese
SAID = (
    (r"'(.*)' is not a valid (?:integer|float|number)( range)?\.", r"“\1”不是数。"),
    (r"File '(.*)' does not exist\.", r"没有文件“\1”。"),
    (r"Directory '(.*)' does not exist\.", r"没有目录“\1”。"),
    (r"Path '(.*)' does not exist\.", r"没有“\1”这个文件或目录。"),
    (r"File '(.*)' is a directory\.", r"“\1”是目录，这里要一个文件。"),
    (r"Directory '(.*)' is a file\.", r"“\1”是文件，这里要一个目录。"),
    (r"'(.*)' is not one of (.*)\.", r"“\1”应为 \2 之一。"),
    (r"'(.*)' does not match the formats? (.*)\.", r"“\1”不是日期，应写成 2025-12-16。"),
)


def _said(message: str) -> str:
    """Click's sentence about a value in Chinese; one it is not known to say stays as it is."""
    for pattern, words in SAID:
        if re.fullmatch(pattern, message):
            return re.sub(pattern, words, message)
    return message


def _parameter(error: click.BadParameter) -> str:
    """The option or argument an error is about, as it is typed."""
    if error.param is None:
        return "参数"
    return (
        error.param.opts[0] if isinstance(error.param, click.Option) else str(error.param.human_readable_name)
    )


def run() -> None:
    """Run the command line; a refusal is printed in words and exits 2."""
    try:
        main(standalone_mode=False)
    except Refusal as refusal:
        click.echo(f"{refusal}", err=True)
        sys.exit(UNREADABLE_EXIT)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        click.echo(in_words(error), err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("已取消。 Cancelled.", err=True)
        sys.exit(130)
