"""The test equipment itself works: a cluster comes and goes, a browser opens a page and axe judges it."""

from pathlib import Path

import pytest

from tests.support.axe import SCRIPT, violations
from tests.support.postgres import Cluster


def test_a_database_is_copied_and_dropped(cluster: Cluster) -> None:
    cluster.create("one")
    cluster.sql("CREATE TABLE t (word text); INSERT INTO t VALUES ('共治')", "one")
    cluster.create("two", "one")
    assert cluster.sql("SELECT word FROM t", "two") == "共治"
    cluster.drop("two")
    cluster.drop("one")
    assert cluster.sql("SELECT count(*) FROM pg_database WHERE datname IN ('one', 'two')") == "0"


def test_durability_is_as_asked(cluster: Cluster, durable_cluster: Cluster) -> None:
    assert (cluster.sql("SHOW fsync"), durable_cluster.sql("SHOW fsync")) == ("off", "on")
    assert durable_cluster.sql("SHOW synchronous_commit") == "on"
    assert cluster.sql("SHOW listen_addresses") == ""


@pytest.mark.browser
@pytest.mark.skipif(not SCRIPT.exists(), reason="run: make npm")
def test_axe_finds_a_picture_without_words(page: object, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text('<!doctype html><html lang="en"><title>t</title><main><img src="data:,"></main>', "utf-8")
    page.goto(file.as_uri())  # type: ignore[attr-defined]
    assert [line.split(":")[0] for line in violations(page)] == ["image-alt"]  # type: ignore[arg-type]
