"""The verb `catalogue`: check what a city configured, and list it."""

from __future__ import annotations

import click

from zhicheng.catalogue.loader import load_catalogue


@click.group()
def catalogue() -> None:
    """What figures stand on, as data."""


@catalogue.command()
def check() -> None:
    """Load every entry; a broken one is named with file and line."""
    loaded = load_catalogue()
    click.echo(f"事实 {len(loaded.facts)} 个，指标 {len(loaded.indicators)} 个，全部可用。")


@catalogue.command("list")
def list_entries() -> None:
    """List every indicator with its definition."""
    for one in load_catalogue().indicators.values():
        mark = "（未核实）" if one.unverified else ""
        click.echo(
            f"{one.id}  v{one.version}  {one.kind}  {one.name_zh}（{one.unit_zh}）  {one.definition}{mark}"
        )
