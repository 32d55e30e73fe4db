"""Render every part with sample data to one static page, to look at: python scripts/gallery.py OUT [lang] [theme] [mode].

The data is plainly invented. The page needs no server: styles are written beside it.
"""

import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "frontend-templates"


def bundle() -> str:
    """The stylesheets in the order of index.txt, as the server joins them."""
    css = TEMPLATES / "assets" / "css"
    return "".join((css / name).read_text("utf-8") for name in (css / "index.txt").read_text("utf-8").split())


def catalogue(path: Path | None) -> dict[str, str]:
    """msgid -> msgstr of a simple .po file; plural forms by their first form. Empty without a file."""
    if path is None or not path.exists():
        return {}
    pattern = re.compile(r'^msgid "(.*)"\n(?:msgid_plural "(.*)"\n)?msgstr(?:\[0\])? "(.*)"$', re.MULTILINE)
    found: dict[str, str] = {}
    for one, many, text in pattern.findall(path.read_text("utf-8")):
        found[one] = text
        if many:
            found[many] = text
    return found


def environment(lang: str, words: dict[str, str]) -> jinja2.Environment:
    """A Jinja environment with stand-ins for what the page engine gives."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    chinese = lang.startswith("zh")

    def gettext(text: str) -> str:
        return words.get(text, text) if chinese else text

    def ngettext(one: str, many: str, count: int) -> str:
        return gettext(one) if count == 1 and not chinese else gettext(many)

    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]

    def moment(value: str) -> datetime:
        return datetime.fromisoformat(value)

    def date(value: str) -> str:
        m = moment(value)
        return f"{m.year}年{m.month}月{m.day}日" if chinese else f"{m.day} {m:%b %Y}"

    def date_time(value: str) -> str:
        return f"{date(value)} {moment(value):%H:%M}"

    def percent(ratio: float, digits: int = 0) -> str:
        return f"{ratio * 100:.{digits}f}%"

    env.filters.update(
        number=lambda n: f"{n:,}", percent=percent, date=date, datetime=date_time, iso=lambda v: v
    )
    env.globals["asset"] = lambda path: Path(path).name
    return env


def main(out: Path, lang: str = "zh-Hans", theme: str = "auto", mode: str = "standard") -> None:
    """Write gallery.html and civic.css into the folder ``out``."""
    po = ROOT / "civic" / "locales" / "zh_Hans" / "LC_MESSAGES" / "civic.po"
    extra = out / "design.po"
    env = environment(lang, {**catalogue(po), **catalogue(extra)})
    chinese = lang.startswith("zh")
    labels = [
        ("开放日", "Open days"), ("联席会议", "Joint meetings"), ("提案", "Proposals"), ("投票", "Votes"),
        ("权责", "Rights and duties"), ("答复", "Responses"), ("账本", "Ledger"), ("辖区", "Areas"),
        ("主体", "Parties"), ("数据", "Data"),
    ]  # fmt: skip
    icons = ["calendar", "users-round", "file-text", "vote", "scale", "message-square"]
    icons += ["book-open", "map-pin", "building-2", "database"]
    context: dict[str, Any] = {
        "lang": lang, "theme": theme, "mode": mode, "zh": chinese, "path": "/gallery", "viewer": None,
        "languages": [{"code": "zh-Hans", "label": "中文"}, {"code": "en", "label": "English"}],
        "site": {"name": "共治 Civic", "demo": True},
        "nav": [
            {"href": "#", "label": zh if chinese else en, "icon": sign, "current": zh == "提案"}
            for (zh, en), sign in zip(labels, icons, strict=True)
        ],
    }  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    (out / "civic.css").write_text(bundle(), "utf-8")
    page = env.get_template("layout/gallery.html").render(context)
    (out / f"{lang}-{theme}-{mode}.html").write_text(page, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
