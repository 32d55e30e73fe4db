"""The promises of the design: contrast, size, no inline style or script, and that every part renders."""

import gzip
import re
from hashlib import sha256
from pathlib import Path

import pytest

OF_OTHERS = {
    "htmx.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    "qr/decode.js": "00e209820dcb11d624e9a03d6383e580766792b57d1651318f0a29e4e1ff0fe8",
    "qr/index.js": "a0de370051f94bd74f218f74401fdf197585e3f9ef0143164f87ea941a3fdd6f",
}
TEMPLATES = Path(__file__).resolve().parents[2] / "frontend-templates"
CSS = TEMPLATES / "assets" / "css"
TEXT = [
    "ink",
    "ink-2",
    "ink-3",
    "accent",
    "kept",
    "soon",
    "over",
    "info",
    "government",
    "enterprise",
    "association",
    "residents",
    "institution",
    "right",
    "duty",
    "interest",
]
PAIRS = [("kept", "kept-wash"), ("soon", "soon-wash"), ("over", "over-wash"), ("info", "info-wash")]
PAIRS += [
    ("ink", "accent-wash"),
    ("ink-3", "accent-wash"),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
]
PAIRS += [("on-seal", kind) for kind in ("right", "duty", "interest")]


def palettes() -> list[dict[str, str]]:
    """The light palette, and the dark one in its two places."""
    blocks = re.findall(r":root[^{]*\{([^}]*--paper[^}]*)\}", (CSS / "tokens.css").read_text("utf-8"))
    return [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block)) for block in blocks]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, two: str) -> float:
    """Contrast ratio of two colours, 1 to 21, WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", palettes(), ids=["light", "dark by device", "dark by choice"])
def test_text_is_readable_on_every_ground(palette: dict[str, str]) -> None:
    pairs = PAIRS + [(text, ground) for text in TEXT for ground in ("paper", "sheet", "wash")]
    assert [(a, b, c) for a, b in pairs if (c := contrast(palette[a], palette[b])) < 4.5] == []
    assert min(contrast(palette["edge"], palette[ground]) for ground in ("paper", "sheet", "wash")) >= 3


def test_both_dark_palettes_are_the_same() -> None:
    _, by_device, by_choice = palettes()
    assert by_device == by_choice


def test_the_stylesheets_are_listed_and_small() -> None:
    listed = (CSS / "index.txt").read_text("utf-8").split()
    assert sorted(listed) == sorted(path.name for path in CSS.glob("*.css"))
    joined = b"".join((CSS / name).read_bytes() for name in listed)
    assert len(joined) < 64_000 and len(gzip.compress(joined)) < 16_000  # what a first visit loads


def test_no_inline_style_script_or_foreign_address() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", path.read_text("utf-8"), flags=re.S)
        assert not re.search(r"\sstyle=\"[^\"]|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)", text), path
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), path


def test_scripts_of_others_are_those_that_were_chosen() -> None:
    """docs/dependencies.md says which version each is."""
    folder = TEMPLATES / "assets" / "js"
    assert {name: sha256((folder / name).read_bytes()).hexdigest() for name in OF_OTHERS} == OF_OTHERS
    licences = {path.stem for path in (TEMPLATES / "assets" / "licences").iterdir()}
    assert {name.partition(".")[0].partition("/")[0] for name in OF_OTHERS} <= licences


def test_colours_stand_in_the_tokens_only() -> None:
    for path in CSS.glob("*.css"):
        if path.name not in ("tokens.css", "print.css"):
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?=[;\s}])", path.read_text("utf-8")), path
