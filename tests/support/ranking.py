"""A ranking on a page: the order in which its rows stand, and hands that drag them."""

from __future__ import annotations

from typing import Any

from tests.support.somebody import Somebody


def ranked(me: Somebody) -> list[str]:
    """The names in the order in which they stand."""
    return list(me.page.locator(".ranked-order li").evaluate_all("rows => rows.map(r => r.dataset.name)"))


def settled(me: Somebody) -> None:
    """Rows have slid to their places."""
    me.page.locator(".ranking-live").evaluate(
        "form => Promise.allSettled(form.getAnimations({subtree: true}).map(a => a.finished)).then(() => null)"
    )


def grip(me: Somebody, name: str) -> tuple[float, float]:
    settled(me)
    box = me.page.locator(f".ranking-live li[data-name='{name}'] .grip").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def edge(me: Somebody, name: str, which: str) -> tuple[float, float]:
    """A place in a row near its ``top`` or ``bottom``."""
    settled(me)
    box = me.page.locator(f".ranking-live li[data-name='{name}']").bounding_box()
    assert box is not None
    return box["x"] + 30, box["y"] + (5 if which == "top" else box["height"] - 5)


class Mouse:
    """Drags with the left button."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, drop: bool = True) -> None:
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=12)
        if drop:
            self.let_go()

    def let_go(self) -> None:
        self.page.mouse.up()


class Finger:
    """Drags by touching the screen."""

    def __init__(self, page: Any) -> None:
        self.session = page.context.new_cdp_session(page)

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, drop: bool = True) -> None:
        self._send("touchStart", start)
        for step in range(1, 13):
            self._send("touchMove", tuple(a + (b - a) * step / 12 for a, b in zip(start, end, strict=True)))  # type: ignore[arg-type]
        if drop:
            self.let_go()

    def let_go(self) -> None:
        self._send("touchEnd")
