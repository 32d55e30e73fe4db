"""What is wrong with the pages, without serving them: ``python -m civic.web.pages.check``."""

from __future__ import annotations

import sys
from pathlib import Path

from jinja2 import TemplateError

from civic import paths
from civic.schema.core.execute import Engine
from civic.web.assets import Assets
from civic.web.pages.documents import Documents, Faulty
from civic.web.pages.routing import Routes
from civic.web.pages.templates import environment


def faults(engine: Engine, templates: Path | None = None) -> list[str]:
    """One line for each document that does not fit the schema and each template that does not compile."""
    folder = templates or paths.templates()
    found: list[str] = []
    documents = Documents(engine)
    jinja = environment(folder, Assets(folder / "assets"))
    for page in Routes(folder).pages():
        try:
            documents.get(page.document, 1)
        except Faulty as error:
            found.append(f"{page.document.relative_to(folder)}: {error}")
        try:
            jinja.get_template(page.template)
        except TemplateError as error:
            found.append(f"{page.template}: {error} (line {getattr(error, 'lineno', '?')})")
    return found


def main() -> int:
    """Print the faults; 1 when there are any."""
    from civic.schema import engine

    found = faults(engine())
    sys.stdout.writelines(line + "\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
