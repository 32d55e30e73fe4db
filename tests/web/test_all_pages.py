"""Every page of the platform fits the schema, and its template compiles."""

from pathlib import Path

from civic.schema import engine
from civic.web.pages.check import faults
from tests.web import tiny


def test_all_pages_fit_the_schema() -> None:
    assert faults(engine()) == []


def test_faults_are_told(tmp_path: Path) -> None:
    folder = tiny.write_pages(tmp_path)
    assert faults(tiny.engine(), folder) == []
    (folder / "pages" / "me.graphql").write_text("query A { nothing }\n")
    (folder / "pages" / "mine.graphql").write_text("# @flash No.\nquery A { me }\n")
    (folder / "pages" / "crash.graphql").write_text("query A { me } query B { me }\n")
    (folder / "pages" / "about.html").write_text("{% if %}")
    assert [line.split(":")[0] for line in faults(tiny.engine(), folder)] == [
        "pages/about.html",
        "pages/crash.graphql",
        "pages/me.graphql",
        "pages/mine.graphql",
    ]
