"""Mei moves in, proposes on a scenario, is answered, and votes; a bakery and an association with a delegate join in;
two blocs certify; a stranger checks it all.

In Chinese on a phone, in English on a desktop, and in senior mode on a phone without any script.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from civic import clock
from civic.acts import areas
from civic.acts.core import Actor
from civic.demo.areas import TIANPING
from civic.demo.cast import credit_code
from civic.models import Area, Party, Person
from tests.journeys.conftest import DESKTOP, PHONE
from tests.support.server import ROOT
from tests.support.somebody import Somebody
from tests.support.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]
HOME = f"{TIANPING}D01"
WAYS = [
    pytest.param("zh-Hans", PHONE, {}, id="zh-phone"),
    pytest.param("en", DESKTOP, {}, id="en-desktop"),
    pytest.param("zh-Hans", PHONE, {"script": False, "mode": "senior"}, id="zh-senior-no-script"),
]


@dataclass
class Story:
    """Who is in it, and what has come about so far."""

    town: Town
    visit: Callable[..., Any]
    language: str
    size: dict[str, int]
    way: dict[str, Any]
    proposal: str = ""
    ballot: str = ""
    receipt: str = ""
    signed_in: dict[str, Somebody] = field(default_factory=dict)

    def somebody(self) -> Somebody:
        return Somebody(self.visit(self.town.url, self.language, self.size, **self.way), self.language)

    def known(self, key: str) -> Somebody:
        """Somebody of the demonstration at their own browser, signed in since they were first needed."""
        if key not in self.signed_in:
            self.signed_in[key] = self.somebody().sign_in(key, self.town.password)
        return self.signed_in[key]

    def anybody(self) -> Somebody:
        """Who has no account, and looks in now and then."""
        if "" not in self.signed_in:
            self.signed_in[""] = self.somebody()
        return self.signed_in[""]

    async def lower_the_threshold(self) -> None:
        official = await Person.get(email="official@demo.example")
        office = await Party.get(kind="government", area__code="310104")
        place = await Area.get(code=TIANPING)
        await areas.set_threshold(Actor(official, party=office), place, supports=2)

    async def party(self, kind: str, words: str) -> int:
        return (await Party.get(kind=kind, name__contains=words)).id


@pytest.mark.parametrize(("language", "size", "way"), WAYS)
def test_from_moving_in_to_a_certified_vote(
    town: Town,
    visit: Callable[..., Any],
    tmp_path: Path,
    language: str,
    size: dict[str, int],
    way: dict[str, Any],
) -> None:
    story = Story(town, visit, language, size, way)
    town.run(story.lower_the_threshold())
    mei = story.somebody()
    moves_in(story, mei)
    proposes(story, mei, tmp_path)
    changes_it(story, mei)
    others_support(story)
    the_department_answers(story)
    rates(story, mei)
    a_bakery_joins(story)
    an_association_joins(story)
    a_vote_is_announced(story)
    town.later(hours=2)
    votes(story, mei)
    town.later(hours=30)
    is_certified(story)
    checks_her_receipt(story)
    a_stranger_verifies(story)


def moves_in(story: Story, mei: Somebody) -> None:
    mei.go("/sign-up").write(
        name="梅新来（示例）", email="mei@example.org", password="每天早晨七点半的校门口"
    )
    mei.press("Sign up")
    assert mei.path == "/desk"
    mei.go(f"/desk/residence?place={HOME}").press("I live here")
    clerk = story.known("clerk").go("/desk/counter")
    claim = clerk.page.locator("li.row", has_text="梅新来").first
    claim.locator("summary").click()
    claim.locator("[name=documentNumber]").fill("DEMO778899")
    clerk.press("Verify the residence", claim)
    mei.waits("/desk/residence", lambda m: m.sees("%(area)s: verified", area="示例梧桐社区"))


def proposes(story: Story, mei: Somebody, tmp_path: Path) -> None:
    mei.go("/scenarios").page.locator("main a[href^='/scenarios/']:not([href$=new])").first.click()
    mei.page.wait_for_load_state()
    scenario = mei.path
    mei.press("Write a proposal")
    mei.write(title="把河边的旧报亭改成修伞铺", body="旧报亭空了**三年**。\n\n- 修伞\n- 修拉链\n- 配钥匙")
    mei.press("Preview").reads("Preview: nothing is saved yet")
    assert mei.page.locator(".preview strong").inner_text() == "三年"
    mei.press("Save the draft")
    story.proposal = mei.path
    paper = tmp_path / "报亭.txt"
    paper.write_text("报亭长二米四，宽一米八。", "utf-8")
    mei.go(f"{story.proposal}/edit")
    mei.page.locator("main input[type=file]").set_input_files(paper)
    mei.press("Attach the file")
    mei.go(f"{story.proposal}/publish")
    assert "报亭.txt" in mei.page.inner_text("main")
    mei.page.locator("main form button.button-primary").click()
    assert "把河边的旧报亭改成修伞铺" in mei.go(scenario).page.inner_text("main")
    mei.go(story.proposal).reads("Gathering support")


def changes_it(story: Story, mei: Somebody) -> None:
    """Once published, a change has a reason, and everybody sees what it changes."""
    body = "旧报亭空了**三年**。\n\n- 修伞\n- 修拉链\n- 配钥匙\n- 磨剪刀"
    mei.go(f"{story.proposal}/edit").write(body=body, reason="邻居还想磨剪刀。").press("Save the change")
    anybody = story.anybody().go(f"{story.proposal}/versions").reads("Added words are underlined")
    assert "磨剪刀" in "".join(anybody.page.locator("main ins").all_inner_texts())
    assert "邻居还想磨剪刀。" in anybody.page.inner_text("main")


def others_support(story: Story) -> None:
    for key in ("resident", "residents_tp"):
        story.known(key).go(story.proposal).press("Support this proposal").reads("You support this proposal.")
    story.anybody().go(story.proposal).reads("Awaiting an answer")


def the_department_answers(story: Story) -> None:
    street = story.known("street").go("/desk/answers")
    street.page.locator("main a", has_text="修伞铺").first.click()
    street.page.wait_for_load_state()
    due = (clock.today() + timedelta(days=60)).isoformat()
    street.write(verdict="partly", reasons="报亭产权在街道，**可以**试开半年。")
    street.write(commitments__0__text="六十天内腾空报亭并公布招租办法", commitments__0__dueOn=due)
    street.press("Publish the answer")
    story.anybody().go(story.proposal).reads("Partly accepted")


def rates(story: Story, mei: Somebody) -> None:
    mei.go(story.proposal).press("To the answer: rate it, see its versions")
    mei.write(stars="4").press("Rate the answer")


def signs_up(story: Story, name: str, key: str) -> Somebody:
    newcomer = story.somebody().go("/sign-up")
    newcomer.write(name=name, email=f"{key}@example.org", password="每天凌晨四点就点火的烤炉")
    return newcomer.press("Sign up")


def applies(story: Story, name: str, key: str, kind: str, party: str) -> tuple[Somebody, int]:
    """Somebody new applies for a party, and a steward approves it."""
    manager = signs_up(story, name, key).go(f"/parties/new?place={TIANPING}")
    manager.write(kind=kind, name=party, creditCode=credit_code(kind, 901)).press("Send the application")
    found = story.town.run(story.party(kind, party))
    story.known("steward").go(f"/parties/{found}").press("Approve the party")
    return manager, found


def a_bakery_joins(story: Story) -> None:
    baker, _ = applies(story, "面包师傅（示例）", "baker", "enterprise", "示例清晨面包有限公司")
    baker.go(story.proposal)
    baker.page.locator("#comment-form [name=asParty]").select_option(label="示例清晨面包有限公司")
    baker.write(stance="for", body="面包店愿意代收雨伞。").press("Publish the comment")
    assert "示例清晨面包有限公司" in baker.page.inner_text(".thread")


def an_association_joins(story: Story) -> None:
    manager, party = applies(story, "秘书（示例）", "secretary", "association", "示例烘焙行业协会")
    delegate = signs_up(story, "协会代表（示例）", "delegate").go("/account")
    code = delegate.page.locator("main dd").first.inner_text()
    manager.go(f"/parties/{party}/manage").write(accountCode=code).press("Invite")
    delegate.go("/desk").press("Take the role")
    anybody = story.anybody().go(f"/parties/{party}").reads("Delegate")
    assert "协会代表（示例）" in anybody.page.inner_text("main")


def a_vote_is_announced(story: Story) -> None:
    town, street = story.town, story.known("street")
    street.go(story.proposal)
    street.page.locator("main a[href^='/ballots/new']").first.click()
    street.page.wait_for_load_state()
    street.write(title="旧报亭要不要改成修伞铺？", question="试开半年，之后公布账目。", area=TIANPING)
    street.write(opensAt=town.local(hours=1), closesAt=town.local(hours=25), quorum="0")
    street.press("Keep the draft")
    story.ballot = street.path.removesuffix("/manage")
    street.press("Announce the vote")
    for words in ("示例天平居民议事小组", "示例一杯咖啡有限公司"):
        street.go(f"{story.ballot}/manage")
        party = street.page.locator("main select[name=party]")
        party.select_option(value=party.locator("option", has_text=words).get_attribute("value"))
        street.press("Show its people")
        street.page.locator("main [name=membership]").first.check()
        street.press("Name as scrutineer")
    story.anybody().go(story.ballot).reads("Announced")


def votes(story: Story, mei: Somebody) -> None:
    mei.waits(story.ballot, lambda m: m.sees("Vote now"))
    # Two presses from the front page.
    mei.go("/").page.locator(f"main a[href='{story.ballot}']").first.click()
    mei.page.wait_for_load_state()
    mei.press("Vote now")
    mei.page.locator("main [name=choices][value=yes]").check()
    mei.press("Read it over").reads("You are about to vote")
    mei.press("Cast my vote").reads("Your vote is in the box")
    story.receipt = mei.page.locator("main pre code").first.inner_text()
    assert story.ballot.rsplit("/", 1)[1] in story.receipt
    mei.go(story.ballot).reads("You have voted")
    other = story.known("resident").go(f"{story.ballot}/vote").write(choices="no")
    other.press("Read it over").press("Cast my vote")


def is_certified(story: Story) -> None:
    anybody = story.anybody()
    anybody.waits(story.ballot, lambda m: m.sees("How to check this result"))
    for key in ("residents_tp", "cafe"):
        story.known(key).go(f"{story.ballot}/certify").press("Certify the count")
    anybody.go(story.ballot).reads("Certified", "How to check this result", "Votes by option")


def checks_her_receipt(story: Story) -> None:
    """Anybody who has the receipt can; no account is needed."""
    reader = story.anybody().go("/receipts").write(receipt=story.receipt)
    reader.press("Check it").reads("Your vote was counted")


def a_stranger_verifies(story: Story) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "civic", "verify", story.town.url], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "CIVIC_DATA_DIR": str(ROOT / "var" / "nobody")}, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    number = story.ballot.rsplit("/", 1)[1]
    assert f"ballot {number}: 2 ballots recounted" in done.stdout
