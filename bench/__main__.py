"""Runs measurements: ``python -m bench`` all of them, ``python -m bench list_page`` one.

Each module of this folder with a function ``main()`` is a measurement. It measures both sides in one run,
alternating, prints a table of medians, and leaves nothing behind.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

SKIPPED = ("support", "numpy_counts")


def names() -> list[str]:
    """The measurements there are."""
    found = [path.stem for path in Path(__file__).parent.glob("*.py")]
    return sorted(name for name in found if not name.startswith("_") and name not in SKIPPED)


def main(arguments: list[str]) -> int:
    """Run what is named, or all; 2 for a name that does not exist."""
    wanted = arguments or names()
    unknown = [name for name in wanted if name not in names()]
    if unknown:
        print(f"There is no {', '.join(unknown)}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    for name in wanted:
        run: Callable[[], None] = import_module(f"bench.{name}").main
        run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
