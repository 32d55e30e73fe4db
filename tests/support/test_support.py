"""The test equipment itself works: a cluster comes and goes, a browser opens a page and axe judges it."""

from pathlib import Path

import pytest

from tests.support.axe import SCRIPT, violations
from tests.support.copies import Copies
from tests.support.postgres import Cluster


def test_a_database_is_copied_and_dropped(cluster: Cluster) -> None:
    cluster.create("one")
    cluster.sql("CREATE TABLE t (word text); INSERT INTO t VALUES ('共治')", "one")
    cluster.create("two", "one")
    assert cluster.sql("SELECT word FROM t", "two") == "共治"
    cluster.drop("two")
    cluster.drop("one")
    assert cluster.sql("SELECT count(*) FROM pg_database WHERE datname IN ('one', 'two')") == "0"


def test_a_copy_is_given_out_again_as_new(copies: Copies) -> None:
    name, cluster = copies.take(), copies.cluster
    area = "INSERT INTO area (code, name, name_en, level) VALUES ('1', '区', '', 'district') RETURNING id"
    within = "INSERT INTO area_within (ancestor_id, descendant_id, depth) VALUES (1, {}, 0)"
    assert cluster.sql(area, name) == "1"
    cluster.sql(within.format(1), name)
    copies.give_back(name)
    assert copies.take() == name
    assert cluster.sql("SELECT (SELECT count(*) FROM area) + (SELECT count(*) FROM area_within)", name) == "0"
    assert cluster.sql("SELECT count(*) > 0 FROM tortoise_migrations", name) == "t"
    assert cluster.sql(area, name) == "1", "numbers begin anew"
    with pytest.raises(RuntimeError, match="foreign key"):
        cluster.sql(within.format(2), name)
    copies.give_back(name)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE area ADD COLUMN more text",
        "ALTER TABLE area DROP CONSTRAINT area_code_key",
        "ALTER TABLE area ALTER COLUMN name DROP NOT NULL",
        "DROP TABLE area CASCADE",
        "CREATE TABLE more (id int)",
        "DROP INDEX idx_party_kind_972552",
        "DELETE FROM tortoise_migrations WHERE app = 'indexes'",
    ],
)
def test_a_copy_that_was_built_otherwise_is_dropped(copies: Copies, change: str) -> None:
    name = copies.take()
    copies.cluster.sql(change, name)
    copies.give_back(name)
    assert copies.cluster.sql(f"SELECT count(*) FROM pg_database WHERE datname = '{name}'") == "0"
    assert name not in copies.free


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
