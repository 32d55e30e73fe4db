"""Checks and gathers the Chinese.

    python scripts/translations.py                      names every text without proper Chinese (status 1)
    python scripts/translations.py --merge A.po B.po    takes translations from these files into the catalogue

Texts are those in gettext calls of civic/ and frontend-templates/, and the titles of acts. A translation must be there,
not be marked fuzzy, and use the same placeholders as its English. Merging keeps the catalogue sorted, drops what no
text uses any more, and lets a later file win over an earlier one and over the catalogue.
"""

import ast
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from civic.acts.core import title_of  # noqa: E402

CATALOGUE = ROOT / "civic" / "locales" / "zh_Hans" / "LC_MESSAGES" / "civic.po"
METHODS = [("civic/**.py", "python"), ("frontend-templates/**.html", "jinja2")]
OPTIONS = {
    "frontend-templates/**.html": {
        "extensions": "jinja2.ext.i18n,jinja2.ext.do,jinja2.ext.loopcontrols",
        "silent": "false",
    }
}
KEYWORDS = {"_": None, "N_": None, "lazy": None, "lazy_": None, "gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|(?<!\{)\{(\w*)[^{}]*\}(?!\})")
# A page's own directive: `# @flash Your comment is published.`
FLASH = re.compile(r"^\s*#\s*@flash\s+(.+?)\s*$", re.M)
Id = str | tuple[str, str]


def placeholders(text: str) -> set[str]:
    """The names of ``%(name)s`` and ``{name}`` in ``text``."""
    return {one or two for one, two in PLACEHOLDER.findall(text)}


def sources() -> dict[Id, str]:
    """Every text that the project shows, with the place where it stands first; a pair is singular and plural."""
    found: dict[Id, str] = {}
    for folder in ("civic", "frontend-templates"):
        methods = [(pattern.split("/", 1)[1], how) for pattern, how in METHODS if pattern.startswith(folder)]
        options = {pattern.split("/", 1)[1]: value for pattern, value in OPTIONS.items()}
        for name, line, message, _comments, _context in extract_from_dir(
            ROOT / folder, methods, options, keywords=KEYWORDS
        ):
            text: Id = message if isinstance(message, str) else (message[0], message[1])
            if text and text[0]:
                found.setdefault(text, f"{folder}/{name}:{line}")
    for path in sorted((ROOT / "frontend-templates").rglob("*.graphql")):
        for text in FLASH.findall(path.read_text("utf-8")):
            found.setdefault(text, str(path.relative_to(ROOT)))
    for path in sorted((ROOT / "civic" / "acts").rglob("*.py")):
        for line, text in titles_of_acts(path.read_text("utf-8")):
            found.setdefault(text, f"{path.relative_to(ROOT)}:{line}")
    return found


def titles_of_acts(source: str) -> Iterable[tuple[int, str]]:
    """Line and title of each act: the beginning of its docstring, which the ledger's pages show."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.AsyncFunctionDef) and any(
            isinstance(d, ast.Call) and getattr(d.func, "id", "") in ("act", "act_on")
            for d in node.decorator_list
        ):
            yield node.lineno, title_of((ast.get_docstring(node) or "").split("\n", 1)[0])


def load(path: Path) -> Catalog:
    """A catalogue, or a bare fragment of ``msgid``/``msgstr`` pairs."""
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def strings_of(catalogue: Catalog) -> dict[str, str]:
    """Chinese by English form: a plural's one Chinese stands under both of its English forms."""
    found: dict[str, str] = {}
    for message in catalogue:
        if message.id and message.string and not message.fuzzy:
            text = message.string if isinstance(message.string, str) else message.string[0]
            ids = [message.id] if isinstance(message.id, str) else message.id
            if text:
                found.update(dict.fromkeys(ids, text))
    return found


def merge(fragments: Iterable[Path]) -> tuple[int, list[str]]:
    """Take the fragments into the catalogue. Returns how many texts it has and which ids nothing uses."""
    known = strings_of(load(CATALOGUE)) if CATALOGUE.exists() else {}
    for path in fragments:
        known |= strings_of(load(path))
    merged = Catalog(locale="zh_Hans", domain="civic", fuzzy=False)
    merged.header_comment = (
        "# Simplified Chinese of the platform. Sorted; made and checked by scripts/translations.py."
    )
    used: set[str] = set()
    plurals = {form for text in sources() if not isinstance(text, str) for form in text}
    for text in sorted(sources(), key=lambda t: t if isinstance(t, str) else t[0]):
        forms = (text,) if isinstance(text, str) else text
        used.update(forms)
        chinese = next((known[form] for form in reversed(forms) if form in known), None)
        if chinese and not (isinstance(text, str) and text in plurals):
            merged.add(text, (chinese,) if len(forms) > 1 else chinese)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        write_po(file, merged, width=110, sort_output=True, ignore_obsolete=True, include_previous=False)
    # Dates and tool versions in the header would change with every merge.
    lines = CATALOGUE.read_text("utf-8").splitlines(keepends=True)
    noise = ('"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Language-Team', '"Generated-By')
    noise += ('"Project-Id-Version', '"Report-Msgid-Bugs-To')
    CATALOGUE.write_text("".join(line for line in lines if not line.startswith(noise)), "utf-8")
    return len(merged), sorted(set(known) - used)


def problems() -> list[str]:
    """One line for each text without a proper translation; empty when all is well."""
    texts = sources()
    if not CATALOGUE.exists():
        return [f"{CATALOGUE.relative_to(ROOT)} is missing; {len(texts)} texts wait"] if texts else []
    catalogue = load(CATALOGUE)
    known = strings_of(catalogue)
    fuzzy = {str(message.id) for message in catalogue if message.fuzzy and message.id}
    wrong: list[str] = []
    for text, place in sorted(texts.items(), key=lambda item: item[1]):
        # The last English form has every placeholder.
        english = text if isinstance(text, str) else text[1]
        if english in fuzzy:
            wrong.append(f"{place}: marked fuzzy: {english!r}")
        elif english not in known:
            wrong.append(f"{place}: no Chinese for {english!r}")
        elif placeholders(known[english]) != placeholders(english):
            wrong.append(f"{place}: other placeholders: {english!r}")
    return wrong


if __name__ == "__main__":
    if sys.argv[1:2] == ["--merge"]:
        paths = [Path(name) for name in sys.argv[2:]]
        files = [f for path in paths for f in (sorted(path.glob("*.po")) if path.is_dir() else [path])]
        count, unused = merge(files)
        print(f"{count} texts in the catalogue, {len(unused)} dropped")
        for text in unused:
            print(f"  not used: {text!r}")
    lines = problems()
    print("\n".join(lines) or "All texts are translated.")
    sys.exit(bool(lines))
