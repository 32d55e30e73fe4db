"""The demonstration is what it says: acts of people, honest dates, a ledger that verifies, a folder of its own."""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import typer

from civic.demo import everyday
from civic.demo.areas import DISTRICT, STREETS, lines
from civic.demo.run import announcement, prepare
from civic.rules import lifecycles
from tests.support.demo import served
from tests.support.server import ROOT

pytestmark = pytest.mark.slow
REAL = ROOT.parent / "shared" / "data" / "areas" / "shanghai_5level.csv"


def ask(demo: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(demo / "civic.db")) as connection:
        return connection.execute(sql).fetchall()


def civic(demo: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CIVIC_DATA_DIR": str(demo), "CIVIC_DATABASE_URL": ""}
    return subprocess.run(
        [sys.executable, "-m", "civic", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_its_ledger_verifies_and_runs_forward(demo: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(demo, tmp_path / "demo")
    assert civic(copy, "export", str(tmp_path / "out")).returncode == 0
    said = civic(copy, "verify", str(tmp_path / "out"))
    assert said.returncode == 0, said.stdout
    entries = [json.loads(p) for (p,) in ask(demo, "SELECT payload FROM ledger_entry ORDER BY seq")]
    times = [e["time"] for e in entries if e["actor"] is not None]
    assert len(entries) > 2000 and times == sorted(times)
    days = [at for (at,) in ask(demo, "SELECT substr(at, 1, 10) FROM ledger_checkpoint ORDER BY size")]
    assert len(set(days)) > 60


def test_every_stage_is_there(demo: Path) -> None:
    proposals = dict(ask(demo, "SELECT state, count(*) FROM proposal GROUP BY state"))
    assert set(proposals) >= {"draft", "published", "qualified", "deliberating", "decided", "withdrawn"}
    assert sum(proposals.values()) > 50
    verdicts = {v for (v,) in ask(demo, "SELECT verdict FROM response")}
    assert verdicts >= {"accepted", "partly", "declined", "studying"}
    assert ask(demo, "SELECT count(*) FROM deadline WHERE answered_at IS NULL AND due_at < datetime('now')")[
        0
    ][0]
    assert ask(demo, "SELECT count(*) FROM deadline WHERE answered_at IS NULL AND due_at > datetime('now')")[
        0
    ][0]
    ballots = ask(demo, "SELECT state, json_extract(result, '$.why') FROM ballot")
    assert {state for state, _ in ballots} >= {"announced", "open", "certified"}
    assert {why for _, why in ballots} >= {"passed", "no_quorum"}
    assert {method for (method,) in ask(demo, "SELECT method FROM ballot")} >= {
        "stv",
        "budget_shares",
        "approval",
    }
    assert ask(demo, "SELECT count(*) FROM ballot WHERE anonymous AND state = 'open'")[0][0] == 1
    assert ask(
        demo, "SELECT passing, weighted FROM ballot WHERE electorate = 'roll' AND state = 'certified'"
    ) == [("dual_majority", 1)]
    assert sorted(s for (s,) in ask(demo, "SELECT state FROM roll_challenge")) == ["accepted", "open"]
    assert ask(demo, "SELECT upheld FROM ballot_complaint ORDER BY at DESC") == [(None,), (0,)]
    (again,) = ask(demo, "SELECT state, rerun_of_id FROM ballot WHERE rerun_of_id IS NOT NULL")
    assert again[0] == "open" and ask(
        demo, f"SELECT json_extract(result, '$.why') FROM ballot WHERE id = {again[1]}"
    ) == [("no_quorum",)]
    assert ask(demo, "SELECT count(*) FROM residency WHERE state = 'claimed'")[0][0] >= 3
    assert ask(demo, "SELECT count(*) FROM party WHERE state = 'applied'")[0][0] == 1
    blocs = {kind for (kind,) in ask(demo, "SELECT p.kind FROM comment c JOIN party p ON p.id = c.party_id")}
    assert blocs >= {"enterprise", "association", "institution", "residents"}


def test_charters_stand_at_every_stage_and_obligations_in_every_state(demo: Path) -> None:
    stages = {state for (state,) in ask(demo, "SELECT state FROM charter")}
    assert stages == {"draft", "negotiation", "signing", "in_force", "superseded", "ended"}
    states = {state for (state,) in ask(demo, "SELECT state FROM obligation")}
    assert states == set(lifecycles.states("obligation"))
    soon = "state = 'pending' AND due_on BETWEEN date('now') AND date('now', '+14 days')"
    assert ask(demo, f"SELECT count(*) FROM obligation WHERE {soon}")[0][0] >= 3
    assert ask(demo, "SELECT count(*) FROM obligation WHERE state = 'confirmed' AND by_silence")[0][0]
    shown = """SELECT f.media_type FROM evidence e JOIN file f ON f.id = e.file_id JOIN obligation_step s ON s.id = e.step_id
        JOIN obligation o ON o.id = s.obligation_id WHERE o.state = """
    assert ("image/png",) in ask(demo, shown + "'reported'")
    assert ("text/plain",) in ask(demo, shown + "'disputed'")


def test_parties_and_people_say_that_they_are_invented(demo: Path) -> None:
    assert [n for (n,) in ask(demo, "SELECT name FROM party") if "示例" not in n] == []
    assert [n for (n,) in ask(demo, "SELECT name FROM person") if "示例" not in n and "demo" not in n] == []
    below = ask(demo, "SELECT name FROM area WHERE level IN ('community', 'grid')")
    assert below and [n for (n,) in below if "示例" not in n] == []


def test_the_streets_are_the_real_ones() -> None:
    if not REAL.exists():
        pytest.skip("../shared/data/areas is not here")
    with REAL.open(encoding="utf-8") as file:
        real = {r["code"]: (r["name"], r["level"], r["parent_code"]) for r in csv.DictReader(file)}
    for line in lines():
        if line.level in ("community", "grid"):
            assert line.code not in real
        else:
            assert real[line.code] == (line.name, line.level, line.parent)
    assert {c for c, (_, _, parent) in real.items() if parent == DISTRICT} == {c for c, _ in STREETS}


def test_real_areas_are_taken_on_top(demo: Path, tmp_path: Path) -> None:
    if not REAL.exists():
        pytest.skip("../shared/data/areas is not here")
    copy = shutil.copytree(demo, tmp_path / "demo")
    said = civic(copy, "import", "areas", str(REAL))
    assert said.returncode == 0 and ", 0 refused" in said.stdout, said.stdout[-500:]


def test_texts_are_read_whole() -> None:
    texts = [text for path in everyday.TEXTS.glob("*.md") for text in everyday.read(path)]
    assert len(texts) > 45 and len({t.title for t in texts}) == len(texts)
    for text in texts:
        assert text.body and "\n+ " not in text.body and "@" not in text.body, text.title


def test_a_second_start_is_instant_and_only_a_demo_is_removed(demo: Path, tmp_path: Path) -> None:
    before = (demo / "demo.json").read_bytes()
    about = prepare(demo)
    assert (demo / "demo.json").read_bytes() == before
    assert about["password"] in announcement(about, "http://127.0.0.1:1")
    (tmp_path / "precious.txt").write_text("mine")
    for fresh in (False, True):
        with pytest.raises(typer.BadParameter):
            prepare(tmp_path, fresh=fresh)
    assert (tmp_path / "precious.txt").read_text() == "mine"


def test_one_press_signs_in_only_in_a_demo(demo: Path, tmp_path: Path) -> None:
    import httpx2

    server, about = served(demo, tmp_path / "demo")
    try:
        query = {"query": "{ demoAccounts { email password } }"}
        given = httpx2.post(server.url + "/graphql", json=query).json()["data"]["demoAccounts"]
        assert {a["password"] for a in given} == {about["password"]}
        assert "resident@demo.example" in httpx2.get(server.url + "/sign-in").text
        assert 'class="demo-bar"' in httpx2.get(server.url + "/").text
        server.stop()
        server.environment["CIVIC_DEMO"] = "false"
        server.start()
        assert httpx2.post(server.url + "/graphql", json=query).json()["data"]["demoAccounts"] == []
        page = httpx2.get(server.url + "/sign-in").text
        assert "demo.example" not in page and about["password"] not in page and "demo-bar" not in page
    finally:
        server.stop()
