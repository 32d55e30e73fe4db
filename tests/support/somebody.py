"""Somebody before a browser: says and presses what stands there in their own language."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from playwright.sync_api import TimeoutError as TooLate

from civic.errors import fill
from civic.i18n import translate


class Somebody:
    """``page`` is theirs alone. Texts are given in English, and looked for in their language."""

    def __init__(self, page: Any, language: str) -> None:
        self.page, self.language = page, language

    def words(self, english: str, **values: int | str) -> str:
        return fill(translate(english, self.language), values)

    def go(self, path: str) -> Somebody:
        answer = self.page.goto(path)
        assert answer.status == 200, f"{path} answers {answer.status}"
        return self

    def sign_in(self, key: str, password: str) -> Somebody:
        self.go("/sign-in").write(email=f"{key}@demo.example", password=password)
        self.page.locator("main form.form button").first.click()
        try:
            self.page.wait_for_url("**/desk")
        except TooLate as error:
            raise AssertionError(
                f"{self.path} instead of the desk:\n{self.page.inner_text('body')[:1500]}"
            ) from error
        return self

    def write(self, **fields: str) -> Somebody:
        """Fill fields by their names; ``__`` stands for a point."""
        for name, value in fields.items():
            field = self.page.locator(f"main [name='{name.replace('__', '.')}']:visible").first
            kind = field.evaluate("e => e.tagName + ' ' + e.type")
            if "radio" in kind or "checkbox" in kind:
                self.page.locator(f"main [name='{name.replace('__', '.')}'][value='{value}']").check()
            elif kind.startswith("SELECT"):
                field.select_option(value)
            else:
                field.fill(value)
        return self

    def press(self, english: str, within: Any = None, **values: int | str) -> Somebody:
        """Press the button, link or summary that says this."""
        says = re.compile(r"^\s*" + re.escape(self.words(english, **values)) + r"\s*$")
        place = within if within is not None else self.page.locator("main")
        place.locator("button:visible, a:visible, summary:visible").filter(has_text=says).first.click()
        self.page.wait_for_load_state()
        return self

    def sees(self, english: str, **values: int | str) -> bool:
        return self.words(english, **values) in self.page.inner_text("main")

    def reads(self, *english: str) -> Somebody:
        text = self.page.inner_text("main")
        for words in english:
            assert self.words(words) in text, f"{self.words(words)!r} is not in:\n{text[:2000]}"
        return self

    def waits(self, path: str, ready: Callable[[Somebody], bool], seconds: float = 30) -> Somebody:
        """Look at a page again and again until it is as it should be."""
        end = monotonic() + seconds
        while not ready(self.go(path)):
            assert monotonic() < end, f"{path} is still:\n{self.page.inner_text('main')[:1500]}"
            sleep(0.3)
        return self

    @property
    def path(self) -> str:
        return str(self.page.evaluate("location.pathname"))
