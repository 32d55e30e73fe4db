"""A vote from its roll to its end through the pages: an uploaded roll, sheets read twice, a complaint, the final result or a vote held again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from civic.demo.areas import TIANPING
from civic.models import Person
from tests.journeys.conftest import DESKTOP, PHONE
from tests.support.axe import assert_accessible
from tests.support.rolls import table
from tests.support.somebody import Somebody
from tests.support.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(500)]


class Hall:
    """Those who take part, each in a browser of their own."""

    def __init__(self, town: Town, visit: Callable[..., Any], language: str, size: dict[str, int]) -> None:
        self.town, self.visit, self.way = town, visit, (language, size)
        self.ballot = ""
        self.there: dict[str, Somebody] = {}

    def __getitem__(self, key: str) -> Somebody:
        if key not in self.there:
            page = self.visit(self.town.url, *self.way)
            self.there[key] = Somebody(page, self.way[0]).sign_in(key, self.town.password)
        return self.there[key]

    def document(self, key: str) -> str:
        """The invented number that a demo account has shown at the counter."""

        async def find() -> str:
            person = await Person.get(email=f"{key}@demo.example")
            return "DEMO" + person.pseudonym[:12].upper()

        return self.town.run(find())

    def write_file(self, folder: Path, rows: list[list[str]]) -> Path:
        (folder / "roll.csv").write_bytes(table(rows, "证件号码"))
        return folder / "roll.csv"


def choose(me: Somebody, file: Path, button: str) -> None:
    me.page.locator("main input[type=file]").set_input_files(file)
    me.press(button)
    me.page.wait_for_load_state()


def a_roll_is_uploaded(hall: Hall, folder: Path) -> None:
    official, town = hall["official"], hall.town
    official.go("/ballots/new").write(
        title="要不要在弄堂口设一排长椅？", question="设五张，木面。（示例）", area=TIANPING
    )
    official.write(opensAt=town.local(hours=1), closesAt=town.local(hours=25), quorum="0", electorate="roll")
    official.press("Keep the draft")
    hall.ballot = official.path.removesuffix("/manage")
    official.press("Upload the roll")
    mine, other = hall.document("resident"), hall.document("residents_tp")
    choose(official, hall.write_file(folder, [[mine], ["=1+1"], [mine], ["12"]]), "Check the file")
    official.reads("The file cannot be taken over yet")
    lines = official.page.locator("main ul.errors li").all_inner_texts()
    assert [
        line for n in (3, 4, 5) for line in lines if official.words("Line %(line)s:", line=n) in line
    ] == lines
    assert_accessible(official.page)
    choose(official, hall.write_file(folder, [[mine], ["12"]]), "Take the roll over")
    assert "1" in official.page.inner_text(".error-summary")
    choose(official, hall.write_file(folder, [[mine], ["DEMO000001"]]), "Check the file")
    official.reads("The file can be taken over")
    choose(official, hall.write_file(folder, [[mine], ["DEMO000001"]]), "Take the roll over")
    official.press("Look it over and announce").press("Announce the vote")
    # Somebody was left out: the line is put right before it opens, and that is on the record.
    official.go(f"{hall.ballot}/roll").write(documentNumber=other).press("Correct the roll").reads(
        "As announced"
    )
    hall["residents_tp"].go(f"{hall.ballot}/roll").reads("You are on the roll and may vote once it opens.")


def scrutineers_are_named(hall: Hall) -> None:
    official = hall["official"]
    for words in ("示例天平居民议事小组", "示例一杯咖啡有限公司"):
        official.go(f"{hall.ballot}/manage")
        party = official.page.locator("main select[name=party]")
        party.select_option(value=party.locator("option", has_text=words).get_attribute("value"))
        official.press("Show its people")
        official.page.locator("main [name=membership]").first.check()
        official.press("Name as scrutineer")


def people_vote(hall: Hall) -> None:
    hall["official"].go(f"{hall.ballot}/paper").press("Offer paper")
    hall.town.later(hours=2)
    clerk = hall["clerk"]
    clerk.waits(f"{hall.ballot}/paper", lambda c: c.sees("Hand out a sheet"))
    clerk.write(voter=hall.document("residents_tp")).press("Look up").press("Hand out a sheet")
    assert not hall["residents_tp"].go(f"{hall.ballot}/vote").sees("Read it over")
    me = hall["resident"].go(f"{hall.ballot}/vote").write(choices="yes")
    me.press("Read it over").press("Cast my vote").reads("Your vote is in the box")
    clerk.go(f"{hall.ballot}/paper").write(voter=hall.document("resident")).press("Look up")
    clerk.reads("Has voted online, and may replace that vote online only. No sheet is handed out.")


def sheets_are_read_twice(hall: Hall) -> None:
    hall.town.later(hours=24)
    clerk, second = hall["clerk"], hall["street"]
    clerk.waits(f"{hall.ballot}/paper", lambda c: c.sees("Make a batch"))
    hall["resident"].go(hall.ballot).reads("Sheets being entered")
    clerk.write(sheets="1").press("Make the batch")
    batch = clerk.path
    clerk.write(sheets__0__text="1").press("Hand in this batch")
    clerk.reads("You have entered this batch. Another clerk enters it the second time, without seeing yours.")
    second.go(batch).write(sheets__0__text="2").press("Hand in this batch").reads("What was read")
    table = second.page.locator("main table").first.inner_text()
    assert "1" in table and "2" in table
    assert_accessible(second.page)
    second.write(sheets__0__text="1").press("Hand in this batch").reads("This batch is settled")
    hall["official"].go(f"{hall.ballot}/paper").press("Close the box and count")


def it_is_certified(hall: Hall) -> None:
    hall["resident"].waits(hall.ballot, lambda m: m.sees("How to check this result"))
    hall["resident"].go(f"{hall.ballot}/paper").reads(
        "Online and paper are not shown apart: one of them is so small that this could show how somebody voted."
    )
    for key in ("residents_tp", "cafe"):
        hall[key].go(f"{hall.ballot}/certify").press("Certify the count")


def a_complaint(hall: Hall, upheld: bool) -> None:
    me, official = hall["resident"], hall["official"]
    me.go(f"{hall.ballot}/complaints").write(reason="我的邻居也在名册上，却没有拿到选票。（示例）")
    me.press("Publish my complaint").reads("Awaits an answer")
    assert_accessible(me.page)
    official.go(f"{hall.ballot}/complaints").press("Answer this complaint")
    official.page.locator(f"main [name=upheld][value={'true' if upheld else 'false'}]").check()
    official.page.locator("main [name=text]").fill("已核对记录并回访。（示例）")
    official.press("Publish the answer").reads("Upheld" if upheld else "Not upheld")


def it_becomes_final(hall: Hall) -> None:
    assert not hall["resident"].go(hall.ballot).sees("Held again:")
    hall.town.later(days=16)
    begins = hall["resident"].words("The result is final since %(at)s.", at="…").partition("…")[0]
    hall["resident"].waits(hall.ballot, lambda m: begins in m.page.inner_text("main"))


def it_is_held_again(hall: Hall, folder: Path) -> None:
    steward, official, town = hall["steward"], hall["official"], hall.town
    steward.go(f"{hall.ballot}/manage").press("Declare this vote void")
    steward.write(reason="名册有误，异议成立。（示例）").press("Declare void").reads("This vote is void")
    official.go(hall.ballot).press("Hold this vote again")
    official.write(opensAt=town.local(hours=30), closesAt=town.local(hours=60)).press("Make the draft")
    again = official.path.removesuffix("/manage")
    official.press("Upload the roll")
    choose(official, hall.write_file(folder, [[hall.document("resident")]]), "Take the roll over")
    official.press("Look it over and announce").press("Announce the vote")
    me = hall["resident"].go(hall.ballot).reads("Held again:")
    assert_accessible(me.page)
    me.page.locator(f"main a[href='{again}']").first.click()
    me.page.wait_for_load_state()
    me.reads("This vote holds an earlier one again:")
    assert me.page.locator(f"main a[href='{hall.ballot}']").count() >= 1


@pytest.mark.parametrize(
    ("language", "size", "upheld"),
    [
        pytest.param("zh-Hans", PHONE, False, id="zh-phone-final"),
        pytest.param("en", DESKTOP, True, id="en-desktop-again"),
    ],
)
def test_from_the_roll_to_the_end(
    town: Town, visit: Callable[..., Any], tmp_path: Path, language: str, size: dict[str, int], upheld: bool
) -> None:
    hall = Hall(town, visit, language, size)
    a_roll_is_uploaded(hall, tmp_path)
    scrutineers_are_named(hall)
    people_vote(hall)
    sheets_are_read_twice(hall)
    it_is_certified(hall)
    a_complaint(hall, upheld)
    if upheld:
        it_is_held_again(hall, tmp_path)
    else:
        it_becomes_final(hall)
