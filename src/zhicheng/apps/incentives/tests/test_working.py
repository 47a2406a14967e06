"""A running evaluation shows how far it is, is stopped by whoever started it, and leaves nothing half done."""

from __future__ import annotations

import json
import sys
from uuid import uuid4

import pytest

from zhicheng.apps.incentives import commands
from zhicheng.apps.incentives.models import EvaluationRun
from zhicheng.apps.incentives.runs import keeping, working
from zhicheng.apps.incentives.testing.city import AS_OF
from zhicheng.cli import main as cli

TOKEN = uuid4().hex
GOLD = "china_patent_award/gold"


def test_the_page_shows_what_the_evaluation_last_said_and_only_to_whoever_started_it(world, client):
    with working.at_work(world.officer, TOKEN) as told:
        told(3, 28)
        told(28, 28)
        assert working.how_far(world.officer, TOKEN) == working.HowFar(28, 28)
        assert working.how_far(world.reviewer, TOKEN) is None
        client.force_login(world.officer)
        page = client.get(f"/incentives/runs/working/{TOKEN}/").content.decode()
        assert 'aria-valuenow="100"' in page
        assert "停止测算" in page
        client.force_login(world.reviewer)
        assert "停止测算" not in client.get(f"/incentives/runs/working/{TOKEN}/").content.decode()
    assert working.how_far(world.officer, TOKEN) is None


def test_a_stopped_evaluation_keeps_no_run_and_can_be_made_again(world, client, settings):
    world.honour(world.firm("甲公司"), GOLD, object_number="ZL1")
    client.force_login(world.officer)
    with working.at_work(world.officer, TOKEN) as told:
        client.post(f"/incentives/runs/working/{TOKEN}/")
        with pytest.raises(working.Stopped, match="没有保存任何结果"):
            keeping.keep_run(as_of=AS_OF, by=world.officer, told=told)
    assert not EvaluationRun.objects.exists()
    assert list((settings.ZHICHENG_HOME / "work" / "policies").iterdir()) == []
    assert keeping.keep_run(as_of=AS_OF, by=world.officer).total > 0


def test_the_page_goes_on_to_the_run_it_made_and_a_plain_browser_is_sent_there(world, client):
    world.honour(world.firm("甲公司"), GOLD, object_number="ZL1")
    client.force_login(world.officer)
    live = client.post("/incentives/runs/", {"token": TOKEN}, headers={"HX-Request": "true"})
    first = EvaluationRun.objects.get()
    assert live.headers["HX-Redirect"] == f"/incentives/runs/{first.pk}/"
    plain = client.post("/incentives/runs/", {"token": TOKEN})
    assert plain.url == f"/incentives/runs/{EvaluationRun.objects.latest('pk').pk}/"


def test_nobody_stops_another_s_evaluation(world, client):
    client.force_login(world.reviewer)
    with working.at_work(world.officer, TOKEN) as told:
        client.post(f"/incentives/runs/working/{TOKEN}/")
        told(28, 28)


def test_a_number_that_no_page_made_is_no_file(world, settings):
    with working.at_work(world.officer, "../../x") as told:
        told(1, 2)
    assert working.how_far(world.officer, "../../x") is None
    assert not (settings.ZHICHENG_HOME / "work").exists()


@pytest.mark.parametrize("path", ["/incentives/runs/", "/incentives/simulation/new/"])
def test_every_page_that_evaluates_sends_a_number_of_its_own(world, client, path):
    client.force_login(world.officer)
    page = client.get(path).content.decode()
    assert 'name="token"' in page
    assert "/incentives/runs/working/" in page


def test_a_firm_may_not_ask_how_far_an_evaluation_is(world, client):
    client.force_login(world.agent)
    assert client.get(f"/incentives/runs/working/{TOKEN}/").status_code == 403


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_a_result_broken_off_while_it_is_written_leaves_the_file_as_it_was(monkeypatch, tmp_path, form):
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "honours.csv").write_text(
        f"fact,organisation,holder_kind,honour,granted_on\n1,A,enterprise,{GOLD},2024-11-20\n",
        encoding="utf-8",
    )
    target = tmp_path / f"out.{form}"
    target.write_text("before", encoding="utf-8")

    def broken(*given, **more):
        given[-1].write_text("half", encoding="utf-8") if form == "xlsx" else None
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, {"csv": "as_csv", "json": "as_json", "xlsx": "write_xlsx"}[form], broken)
    words = ["evaluate", "--facts", str(tmp_path / "facts"), "--as-of", "2025-12-16", "--format", form]
    monkeypatch.setattr(sys, "argv", ["zhicheng", "policies", *words, "--output", str(target)])
    with pytest.raises(SystemExit) as stopped:
        cli.run()
    assert stopped.value.code == 130
    assert target.read_text(encoding="utf-8") == "before"
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(["facts", target.name])


def test_a_terminal_sees_the_clauses_done_of_all_and_per_cent(monkeypatch, capsys):
    monkeypatch.setattr(commands.Console, "is_terminal", property(lambda self: True))
    with commands._working("测算") as told:
        told(14, 28)
    shown = capsys.readouterr().err
    assert "50%" in shown
    assert "14/28" in shown


def test_no_progress_is_mixed_into_a_result(monkeypatch, capsys, tmp_path):
    (tmp_path / "honours.csv").write_text(
        f"fact,organisation,holder_kind,honour,granted_on\n1,A,enterprise,{GOLD},2024-11-20\n",
        encoding="utf-8",
    )
    words = ["evaluate", "--facts", str(tmp_path), "--as-of", "2025-12-16", "--format", "json"]
    monkeypatch.setattr(sys, "argv", ["zhicheng", "policies", *words])
    cli.run()
    assert json.loads(capsys.readouterr().out)
