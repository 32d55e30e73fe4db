"""Copies of a migrated PostgreSQL database, emptied and given out again: making one takes ten times as long."""

from __future__ import annotations

from tests.support.postgres import Cluster, Line

GROWN = 24 * 2**20  # a database of more bytes is not worth emptying
# A row for each thing that a test may have changed in the tables themselves, or in what the template holds.
STRUCTURE = """
SELECT md5(string_agg(thing, ',' ORDER BY thing)) FROM (
    SELECT concat(oid, relname, relkind) FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT concat('c', attrelid, attname, attnotnull) FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
        WHERE relnamespace = 'public'::regnamespace AND NOT attisdropped
    UNION ALL SELECT concat('k', oid, convalidated) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat('t', oid, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat('f', oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat('m', id, app, name) FROM tortoise_migrations
) AS things (thing)
"""
# Whoever is still connected goes, then every row, and numbers begin anew; what the template holds stays.
EMPTY = """
SET session_replication_role = replica;
DO $$
DECLARE one record; filled boolean;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
    FOR one IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname <> 'tortoise_migrations'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', one.relname) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %I', one.relname); END IF;
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL AND sequencename <> 'tortoise_migrations_id_seq';
END $$;
"""


class Copies:
    """Databases of ``cluster``, each as ``template`` is when it is taken."""

    def __init__(self, cluster: Cluster, template: str) -> None:
        self.cluster, self.template = cluster, template
        self.structures: dict[str, str] = {}  # by name, how its tables were made
        self.free: list[str] = []
        self.lines: dict[str, Line] = {}

    def take(self) -> str:
        """The name of a copy that nobody else has."""
        if self.free:
            return self.free.pop()
        name = f"copy_{len(self.structures)}"
        self.cluster.create(name, self.template)
        self.structures[name] = self.cluster.sql(STRUCTURE, name)
        return name

    def give_back(self, name: str) -> None:
        """Empty it for the next one; one that has grown or was built otherwise is dropped."""
        checked = f"{EMPTY} SELECT concat(({STRUCTURE}), pg_database_size(current_database()) < {GROWN})"
        line = self.lines.pop(name, None) or Line(self.cluster, name)
        try:
            as_made = line.sql(checked) == self.structures[name] + "t"
        except RuntimeError:
            as_made = False
        if as_made:
            self.free.append(name)
            self.lines[name] = line
        else:
            line.close()
            self.cluster.drop(name)

    def close(self) -> None:
        """Hang up."""
        for line in self.lines.values():
            line.close()
