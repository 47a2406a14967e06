"""The sub-command `clock explain`: every limit of a case with its derivation; a year without a notice is refused."""

from __future__ import annotations

import json
import os
from datetime import datetime

import click


@click.command()
@click.argument("case")
@click.option("--as", "username", required=True, help="以谁的身份。")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="按哪一天看；默认今天。")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式。")
def explain(case: str, username: str, on: datetime | None, form: str) -> None:
    """Print how the due days of a case (its number or id) came about."""
    import django  # noqa: PLC0415 - the rest of the verb needs no database

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.site.settings")
    django.setup()
    from zhicheng.apps.cases.explaining import explained  # noqa: PLC0415 - after Django is set up

    found = explained(case, username, on.date() if on else None)
    if form == "json":
        click.echo(json.dumps([{"limit": name, **due.as_data()} for name, due in found], ensure_ascii=False))
        return
    for name, due in found:
        click.echo(f"{name}：届满日 {due.day}")
        click.echo("\n".join(f"  {line.day}  {line}" for line in due.derivation))
