"""Which page a path leads to: the folder of pages, read as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

LOOK_AGAIN = 1.0  # seconds between looks at the files, so that a changed page is served without a restart


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its path pattern (``proposals/[id]/edit``), its template's name and its document's file."""

    pattern: str
    template: str
    document: Path


@dataclass(slots=True)
class Branch:
    """One segment of the tree of pages."""

    fixed: dict[str, Branch] = field(default_factory=dict)
    dynamic: dict[str, Branch] = field(default_factory=dict)
    page: Page | None = None

    def find(self, segments: tuple[str, ...], values: dict[str, str]) -> tuple[Page, dict[str, str]] | None:
        """The page for the rest of a path; a fixed name wins over a dynamic one."""
        if not segments:
            return (self.page, values) if self.page else None
        head, rest = segments[0], segments[1:]
        if head in self.fixed and (found := self.fixed[head].find(rest, values)):
            return found
        for name, branch in self.dynamic.items():
            if head and (found := branch.find(rest, {**values, name: head})):
                return found
        return None


class Routes:
    """The pages below a folder. ``generation`` grows when any template has changed."""

    def __init__(self, templates: Path) -> None:
        self.templates = templates
        self.generation = 0
        self.root = Branch()
        self.seen: frozenset[tuple[str, int]] = frozenset()
        self.next_look = 0.0

    def refresh(self) -> None:
        """Look at the files again, at most once in a while."""
        if monotonic() < self.next_look:
            return
        self.next_look = monotonic() + LOOK_AGAIN
        seen = frozenset(
            (str(path), path.stat().st_mtime_ns)
            for path in self.templates.rglob("*")
            if path.suffix in (".html", ".graphql")
        )
        if seen != self.seen:
            self.seen = seen
            self.generation += 1
            self.root = self.tree()

    def tree(self) -> Branch:
        root = Branch()
        for page in self.pages():
            branch = root
            for segment in page.pattern.split("/") if page.pattern else ():
                if segment.startswith("[") and segment.endswith("]"):
                    branch = branch.dynamic.setdefault(segment[1:-1], Branch())
                else:
                    branch = branch.fixed.setdefault(segment, Branch())
            branch.page = page
        return root

    def pages(self) -> Iterator[Page]:
        """All pages, in the order of their names. A name that begins with ``_`` is not a page."""
        folder = self.templates / "pages"
        for path in sorted(folder.rglob("*.html")):
            parts = path.relative_to(folder).with_suffix("").parts
            if any(part.startswith("_") for part in parts):
                continue
            pattern = "/".join(parts[:-1] if parts[-1] == "index" else parts)
            yield Page(pattern, f"pages/{'/'.join(parts)}.html", path.with_suffix(".graphql"))

    def find(self, path: str) -> tuple[Page, dict[str, str]] | None:
        """The page at ``path`` and the values of its dynamic segments, or None."""
        stripped = path.strip("/")
        return self.root.find(tuple(stripped.split("/")) if stripped else (), {})
