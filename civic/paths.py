"""Where the files that are not Python stand, in a checkout and in an installed package."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def templates() -> Path:
    """The folder of pages, parts, layout and assets: in the package when installed, else beside it."""
    installed = PACKAGE / "_templates"
    return installed if installed.is_dir() else PACKAGE.parent / "frontend-templates"
