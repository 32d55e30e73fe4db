"""The keyboard alone: every stop is seen, and lies under nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# What has the focus: its words, whether an outline of some width shows it, and whether something lies upon it.
FOCUS = """() => {
  const here = document.activeElement, frame = here.closest('.choice') || here;
  const style = getComputedStyle(here), around = getComputedStyle(frame);
  const seen = s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
  const box = frame.getBoundingClientRect(), line = frame.getClientRects()[0] || box;
  const top = document.elementFromPoint(line.left + line.width / 2, line.top + line.height / 2);
  return {words: (here.innerText || here.value || '').trim(), name: here.getAttribute('aria-label') || '',
    seen: seen(style) || seen(around), tag: here.tagName, field: here.name || '', value: here.value || '',
    on: box.bottom > 0 && box.top < innerHeight, free: !top || frame.contains(top) || top.contains(frame)};
}"""


def tab_to(page: Any, wanted: Callable[[dict[str, Any]], bool], most: int = 120) -> dict[str, Any]:
    """Press Tab until the focus is where it should be; every stop on the way is visible."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found: dict[str, Any] = page.evaluate(FOCUS)
        assert found["tag"] == "BODY" or (found["seen"] and found["on"]), f"the focus is not seen: {found}"
        assert found["free"], f"something lies upon the focus: {found}"
        if wanted(found):
            return found
    raise AssertionError("the keyboard does not get there")


def enter(page: Any) -> None:
    """Press what has the focus, and wait for the page to which it leads."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
