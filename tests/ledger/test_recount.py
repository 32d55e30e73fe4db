"""`civic recount`: a stranger counts every method again, from an address, an export, or a file of another tool."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from civic import db
from civic.ledger import sequencer
from civic.ledger.export import export
from civic.ledger.recount import recount
from civic.ledger.source import SourceError
from civic.models import Ballot
from tests.acts.test_ballot_methods import CASES, THREE, held
from tests.acts.test_ballots import after
from tests.ledger.test_verify import civic
from tests.support.server import ROOT
from tests.support.world import World
from tests.web.test_graphql import serving

pytestmark = pytest.mark.anyio
EVERY: dict[str, tuple[dict[str, Any], list[list[str]], list[str]]] = {
    **CASES,
    "yes_no": ({}, [["yes"], ["no"], ["yes"], ["abstain"]], ["yes"]),
    "single": ({"options": THREE}, [["2"], ["2"], ["1"]], ["2"]),
    "approval": ({"options": THREE}, [["1", "2"], ["2", "3"], ["2"]], ["2"]),
}
FILES = {"budget_greedy": "pb", "budget_shares": "pb", "stv": "blt", "runoff": "blt", "schulze": "soi"}


async def counted(world: World, method: str) -> Ballot:
    given, votes, _ = EVERY[method]
    ballot = await held(world, method, given, votes)
    if ballot.state == "closed":  # lots are to be drawn
        await sequencer.seal()
        await after(30)
        await ballot.refresh_from_db()
    assert ballot.state == "tallied"
    return ballot


def winners_of_peers(path: Path, method: str, seats: int) -> set[str]:
    """Who wins by the tools of others, reading the file that we gave out."""
    if path.suffix == ".pb":
        from pabutools.election import Cardinality_Sat, Cost_Sat, parse_pabulib
        from pabutools.rules import completion_by_rule_combination as both
        from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares

        instance, profile = parse_pabulib(str(path))
        sat: dict[str, Any] = {"sat_class": Cardinality_Sat}
        if method == "budget_greedy":
            return {p.name for p in greedy_utilitarian_welfare(instance, profile, **sat)}
        rules, of = [method_of_equal_shares, greedy_utilitarian_welfare], [{"sat_class": Cost_Sat}, sat]
        return {project.name for project in both(instance, profile, rules, of)}
    from pref_voting.iterative_methods import instant_runoff_put
    from pref_voting.margin_based_methods import beat_path
    from pref_voting.profiles_with_ties import ProfileWithTies
    from pref_voting.proportional_methods import stv_scottish

    rankings: dict[tuple[int, ...], int] = {}
    if path.suffix == ".blt":
        lines = path.read_text("utf-8").splitlines()
        candidates, said = map(int, lines[0].split())
        assert said == seats
        for line in lines[1 : lines.index("0")]:
            n, *ranking, _ = map(int, line.split())
            rankings[tuple(ranking)] = n
    else:
        from preflibtools.instances import OrdinalInstance

        instance = OrdinalInstance(str(path))
        candidates = instance.num_alternatives
        for order in instance.orders:
            rankings[tuple(group[0] for group in order)] = instance.multiplicity[order]
    profile = ProfileWithTies(
        [{key: place for place, key in enumerate(r, 1)} for r in rankings],
        list(rankings.values()),
        candidates=list(range(1, candidates + 1)),
    )
    profile.use_extended_strict_preference()
    if method == "stv":
        return {str(key) for key in stv_scottish(profile, num_seats=seats)}
    if method == "runoff":
        return {str(key) for key in instant_runoff_put(profile)}
    return {str(key) for key in beat_path(profile, strength_function=profile.support)}


@pytest.mark.parametrize("method", EVERY)
async def test_every_method_from_an_export_and_from_its_files(
    client: Any, world: World, method: str, tmp_path: Path
) -> None:
    ballot = await counted(world, method)
    await sequencer.seal()
    out = tmp_path / "out"
    await export(out)
    (done,) = recount(str(out))
    assert done.equal and "equal to the result in the ledger" in done.lines, done
    assert recount(str(out / "ledger" / "boxes" / f"{ballot.id}.json"))[0].equal
    winners: list[str] = ballot.result["winners"]  # type: ignore[assignment]
    assert sorted(winners) == EVERY[method][2]
    csv = await client.get(f"/ballots/{ballot.id}.csv")
    assert csv.headers["content-type"].startswith("text/csv")
    box = orjson.loads((out / "ledger" / "boxes" / f"{ballot.id}.json").read_bytes())
    assert len(csv.text.splitlines()) == 1 + len(box["ballots"])
    assert f'ballot-{ballot.id}.csv"' in csv.headers["content-disposition"]
    for kind in ("pb", "blt", "soi", "soc"):
        answer = await client.get(f"/ballots/{ballot.id}.{kind}")
        if answer.status_code == 404:
            assert kind != FILES.get(method)
            continue
        path = tmp_path / f"ballot.{kind}"
        path.write_bytes(answer.content)
        seats = EVERY[method][0].get("seats", 0)
        (again,) = recount(str(path), method="" if kind == "pb" else method, seats=seats)
        names = [line for line in again.lines if line.startswith("result: ")]
        assert not again.wrong and all(f"{key} “" in names[0] for key in winners), again
        assert winners_of_peers(path, method, seats or 1) == set(winners), (kind, path.read_text("utf-8"))
    assert method not in FILES or (tmp_path / f"ballot.{FILES[method]}").exists()


async def test_before_the_count_there_are_no_files(client: Any, world: World) -> None:
    ballot = await held(world, "runoff", {"options": THREE}, [])
    await db.write(lambda: Ballot.filter(id=ballot.id).update(state="closed"))  # type: ignore[arg-type, return-value]
    for address in (f"/ballots/{ballot.id}.blt", "/ballots/999.csv", f"/ballots/{2**70}.csv"):
        assert (await client.get(address)).status_code == 404
    assert (await client.get(f"/ballots/{ballot.id}.json")).status_code == 308


async def test_a_running_platform_and_what_its_pages_show(app: Any, world: World) -> None:
    """`civic recount ADDRESS-OF-THE-BALLOT`; then the page lies, then the papers do."""
    ballot = await counted(world, "runoff")
    await sequencer.seal()
    async with serving(app) as port:
        address = f"http://127.0.0.1:{port}/ballots/{ballot.id}"
        status, said = await asyncio.to_thread(civic, "recount", address)
        assert status == 0 and "The recount EQUALS the published result." in said, said
        assert "round 1: " in said and "out, with the fewest: " in said
        assert "equal to the result in the ledger" in said and "equal to the result that is shown" in said
        box = f"http://127.0.0.1:{port}/ledger/boxes/{ballot.id}.json"
        assert (await asyncio.to_thread(civic, "recount", box))[0] == 0
        lie = {**ballot.result, "winners": ["1"]}  # type: ignore[dict-item]
        await db.write(lambda: Ballot.filter(id=ballot.id).update(result=lie))  # type: ignore[arg-type, return-value]
        status, said = await asyncio.to_thread(civic, "recount", address)
        assert status == 1 and "differs from the result that is shown: winners" in said, said
        for nothing in (
            f"http://127.0.0.1:{port}/ballots/999",
            f"http://127.0.0.1:{port}",
            "http://127.0.0.1:9/ballots/1",
        ):
            status, said = await asyncio.to_thread(civic, "recount", nothing)
            assert status == 2 and said.strip(), said


async def test_a_changed_box_or_record_is_told(connected: str, world: World, tmp_path: Path) -> None:
    ballot = await counted(world, "single")
    other = await counted(world, "yes_no")
    await sequencer.seal()
    await export(tmp_path / "out")
    path = tmp_path / "out" / "ledger" / "boxes" / f"{ballot.id}.json"
    good = path.read_bytes()
    path.write_bytes(good.replace(b'"choice":"2"', b'"choice":"1"', 1))
    status, said = civic("recount", str(tmp_path / "out"))
    assert status == 1 and "not the box whose fingerprint" in said and "differs from the result" in said
    assert "EQUALS" in said, "the other one is right"
    assert civic("recount", str(tmp_path / "out"), "--ballot", str(other.id))[0] == 0
    path.write_bytes(good[:-9])
    assert (
        recount(str(tmp_path / "out"), ballot=str(ballot.id))[0]
        .wrong[0]
        .startswith("the box cannot be counted")
    )
    path.unlink()
    assert "not published" in recount(str(tmp_path / "out"), ballot=str(ballot.id))[0].wrong[0]
    alone = tmp_path / "box.json"
    alone.write_bytes(good)
    status, said = civic("recount", str(alone))
    assert status == 0 and "There is no published result to compare with." in said
    (tmp_path / "bad.blt").write_text("nonsense")
    for nothing in (tmp_path / "none", tmp_path, tmp_path / "bad.blt"):
        with pytest.raises(SourceError):
            recount(str(nothing))
    with pytest.raises(SourceError):
        recount(str(tmp_path / "out"), ballot="999")


async def test_a_budget_file_that_lies_about_what_was_selected(
    client: Any, world: World, tmp_path: Path
) -> None:
    ballot = await counted(world, "budget_greedy")
    text = (await client.get(f"/ballots/{ballot.id}.pb")).text
    path = tmp_path / "lie.pb"
    path.write_text(text.replace(";1\n", ";0\n", 1), "utf-8")
    status, said = civic("recount", str(path))
    assert status == 1 and "the file says that these were selected" in said, said


def test_it_shares_no_state_with_the_server() -> None:
    """Neither settings nor a database nor a model is even loaded."""
    code = "import civic.cli_recount, civic.ledger.recount, json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name for name in json.loads(done.stdout) if name.split(".")[0] in ("civic", "tortoise")}
    assert not [
        n
        for n in loaded
        if n.startswith(("civic.settings", "civic.db", "civic.models", "civic.acts", "tortoise"))
    ]
