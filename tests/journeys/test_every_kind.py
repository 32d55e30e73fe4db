"""Every kind of ballot is cast by keyboard alone, by an older resident on a phone, and rankings by dragging.

What a screen reader is told (names, roles, states) is read from the browser's accessibility tree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.journeys.conftest import DESKTOP, PHONE
from tests.support import kinds
from tests.support.axe import assert_accessible
from tests.support.keyboard import enter, tab_to
from tests.support.ranking import Finger, Mouse, edge, grip, ranked
from tests.support.somebody import Somebody
from tests.support.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(300)]
# What is chosen below, as the box writes it.
CHOSEN = {
    "yes_no": "no", "single": "2", "approval": "1,3", "score": "1:4,3:5", "runoff": "3>1", "stv": "3>1>2", "schulze": "2>3",
    "budget_greedy": "1,2", "budget_shares": "1,3",
}  # fmt: skip
WORDS = {"1": "梧桐", "2": "香樟", "3": "银杏"}


def voter(town: Town, visit: Callable[..., Any], *way: Any, **more: Any) -> Somebody:
    return Somebody(visit(town.url, *way, **more), way[0]).sign_in("resident", town.password)


def tree(me: Somebody, within: str = "main") -> str:
    """Roles, names and states as the browser gives them to a screen reader."""
    return str(me.page.locator(within).first.aria_snapshot())


def boxes_hold(town: Town, found: dict[str, int], chosen: dict[str, str]) -> None:
    town.later(hours=25)
    assert {kind: town.run(kinds.counted(found[kind])) for kind in chosen} == {
        kind: [choice] for kind, choice in chosen.items()
    }


def choose_by_keyboard(me: Somebody, method: str) -> None:
    page = me.page

    def to(field: str, value: str = "") -> None:
        tab_to(page, lambda f: f["field"] == field and (not value or f["value"] == value))

    if method in ("yes_no", "single"):
        to("choices")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
    elif method == "score":
        for score in ("4", "", "5"):
            tab_to(page, lambda f: f["tag"] == "SELECT")
            page.keyboard.type(score)
    elif method in kinds.RANKED:
        names = [WORDS[key] for key in CHOSEN[method].split(">")]
        # In another order first: the last one is moved up to its place.
        for name in names[1:] + names[:1]:
            wanted = me.words("Rank “%(name)s” next", name=name)
            back = page.locator("main h1").first  # the search begins above the list each time
            back.evaluate("e => { e.tabIndex = -1; e.focus(); }")
            tab_to(page, lambda f, wanted=wanted: f["name"] == wanted)
            page.keyboard.press("Enter")
        for place in range(len(names) - 1, 0, -1):
            up = me.words("Move “%(name)s” up", name=names[0])
            if page.evaluate("document.activeElement.getAttribute('aria-label')") != up:
                tab_to(page, lambda f, up=up: f["name"] == up)
            page.keyboard.press("Enter")
            says = me.words(
                "“%(name)s” is number %(place)s of %(all)s.", name=names[0], place=place, all=len(names)
            )
            assert page.locator(".ranking-live [role=status]").inner_text() == says
        assert ranked(me) == names
    else:
        for value in CHOSEN[method].split(","):
            to("choices", value)
            page.keyboard.press("Space")


def test_every_kind_by_keyboard_alone(town: Town, visit: Callable[..., Any]) -> None:
    found = town.run(kinds.open_all())
    me = voter(town, visit, "en", DESKTOP)
    for method, key in found.items():
        me.go(f"/ballots/{key}/vote")
        assert_accessible(me.page)
        choose_by_keyboard(me, method)
        told = tree(me)
        if method == "yes_no":
            assert '- radio "No" [checked]' in told and 'group "Your choice"' in told
        elif method == "approval":
            assert (
                '- checkbox "梧桐 夏天浓荫，春天飞絮" [checked]' in told
                and '- checkbox "香樟 四季常绿"\n' in told
            )
        elif method == "score":
            assert 'combobox "银杏"' in told and '- option "5" [selected]' in told
        elif method == "runoff":
            assert (
                'list "Your order"' in told
                and 'button "Take “银杏” out"' in told
                and 'list "Not ranked"' in told
            )
        elif method == "budget_greedy":
            assert "- status: Together ¥90,050.50 of a budget of ¥100,000." in told, told
        assert_accessible(me.page)
        tab_to(me.page, lambda f: f["words"] == "Read it over")
        enter(me.page)
        assert 'heading "You are about to vote"' in tree(me)
        assert_accessible(me.page)
        tab_to(me.page, lambda f: f["words"] == "Cast my vote")
        enter(me.page)
        me.reads("Your vote is in the box")
        assert_accessible(me.page)
    boxes_hold(town, found, CHOSEN)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_an_older_resident_casts_every_kind(town: Town, visit: Callable[..., Any], script: bool) -> None:
    """Large type at phone width, by tapping; with and without a script."""
    found = town.run(kinds.open_all(shuffled=True))
    me = voter(town, visit, "zh-Hans", PHONE, mode="senior", script=script, touch=True)
    for method, key in found.items():
        me.go(f"/ballots/{key}").press("Vote now")
        tap(me, method, script)
        assert me.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), method
        small = me.page.evaluate(
            """() => [...document.querySelectorAll('main button, main .choice, main select')].filter(e => e.offsetParent)
            .filter(e => e.offsetHeight < 44 || e.offsetWidth < 44).map(e => e.outerHTML.slice(0, 90))"""
        )
        assert small == [], method
        if script:  # axe itself is one
            assert_accessible(me.page)
        me.press("Read it over")
        # Read it over, change the mind, and come back to the same choice.
        me.press("Change my choice").press("Read it over").reads("You are about to vote")
        if script:
            assert_accessible(me.page)
        me.press("Cast my vote").reads("Your vote is in the box")
    boxes_hold(town, found, CHOSEN)


def tap(me: Somebody, method: str, script: bool) -> None:
    page = me.page
    if method in kinds.RANKED:
        for key in CHOSEN[method].split(">"):
            if script:
                page.get_by_role("button", name=me.words("Rank “%(name)s” next", name=WORDS[key])).tap()
            else:
                with page.expect_navigation():
                    page.locator(f"[data-plain] button[name=choices][value='{key}']").tap()
    elif method == "score":
        for part in CHOSEN[method].split(","):
            page.select_option(f"#f-score-{part[0]}", part)
    else:
        for key in CHOSEN[method].split(","):
            page.locator(f".choice:has(input[value='{key}'])").tap()


@pytest.mark.parametrize(
    ("hand", "way", "more"),
    [
        pytest.param(Mouse, ("en", DESKTOP), {"motion": True}, id="mouse"),
        pytest.param(Finger, ("zh-Hans", PHONE), {"touch": True}, id="touch"),
        pytest.param(Finger, ("zh-Hans", PHONE), {"touch": True, "mode": "senior"}, id="touch-senior"),
    ],
)
def test_ranking_by_dragging(
    town: Town,
    visit: Callable[..., Any],
    hand: type[Mouse] | type[Finger],
    way: tuple[Any, ...],
    more: dict[str, Any],
) -> None:
    found = town.run(kinds.open_all())
    me = voter(town, visit, *way, **more)
    page = me.page
    me.go(f"/ballots/{found['schulze']}/vote")
    drags = hand(page)
    page.locator(".ranking-live").scroll_into_view_if_needed()
    page.evaluate(
        "window.scrollBy(0, document.querySelector('.ranking-live').getBoundingClientRect().top - 60)"
    )
    above = page.locator(".ranking-none").bounding_box()
    assert above is not None
    drags.drag(grip(me, "银杏"), (above["x"] + 30, above["y"] + 10))
    assert ranked(me) == ["银杏"]
    drags.drag(grip(me, "香樟"), edge(me, "银杏", "top"))
    assert ranked(me) == ["香樟", "银杏"]
    # No more than two may be ranked here: the third does not come in, and that is said.
    drags.drag(grip(me, "梧桐"), grip(me, "香樟"))
    assert ranked(me) == ["香樟", "银杏"]
    # Out again, and back; let go of by Escape, nothing has changed.
    drags.drag(grip(me, "香樟"), grip(me, "梧桐"))
    assert ranked(me) == ["银杏"]
    drags.drag(grip(me, "香樟"), edge(me, "银杏", "bottom"))
    assert ranked(me) == ["银杏", "香樟"]
    drags.drag(grip(me, "香樟"), edge(me, "银杏", "top"), drop=False)
    assert ranked(me) == ["香樟", "银杏"]
    page.keyboard.press("Escape")
    assert ranked(me) == ["银杏", "香樟"]
    drags.let_go()
    drags.drag(grip(me, "香樟"), edge(me, "银杏", "top"))
    says = me.words("“%(name)s” is number %(place)s of %(all)s.", name="香樟", place=1, all=2)
    assert page.locator(".ranking-live [role=status]").inner_text() == says
    assert ranked(me) == ["香樟", "银杏"]
    assert_accessible(page)
    me.press("Read it over")
    assert page.locator(".reviewed li").all_inner_texts() == ["1. 香樟", "2. 银杏"]
    me.press("Cast my vote").reads("Your vote is in the box")
    boxes_hold(town, found, {"schulze": "2>3"})


def test_rows_slide_only_where_motion_is_welcome(town: Town, visit: Callable[..., Any]) -> None:
    found = town.run(kinds.open_all())
    for motion in (True, False):
        me = voter(town, visit, "en", DESKTOP, motion=motion)
        me.go(f"/ballots/{found['stv']}/vote")
        for key in ("1", "2"):
            me.page.get_by_role("button", name=f"Rank “{WORDS[key]}” next").click()
        me.page.wait_for_timeout(400)
        running = me.page.evaluate(
            """() => { document.querySelector('[data-move=up]:not([hidden])').click();
            return document.querySelector('.ranking-live').getAnimations({subtree: true}).length }"""
        )
        assert (running > 0) is motion
        assert ranked(me) == ["香樟", "梧桐"]
