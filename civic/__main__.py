"""``python -m civic`` is the ``civic`` command, without installing it."""

from civic.cli import main

main()
