"""Papers in the open box are sealed, and published papers are rows. Tables are made by hand: see the models.

The index lets a voter find their commitment in the ledger by its first digits.

A box that is open or published cannot be carried over, because its papers are not sealed; the migration refuses.
"""

from typing import Any

from tortoise import fields
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from civic.migrations import Step

SQLITE = """
CREATE TABLE box_entry (
    tag CHAR(32) NOT NULL PRIMARY KEY, ballot_id BIGINT NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID;
CREATE INDEX idx_box_entry_ballot ON box_entry (ballot_id);
CREATE TABLE paper (
    ballot_id BIGINT NOT NULL REFERENCES ballot (id) ON DELETE RESTRICT, tracker VARCHAR(32) NOT NULL,
    version INT NOT NULL, choice VARCHAR(400) NOT NULL, PRIMARY KEY (ballot_id, tracker)) WITHOUT ROWID;
CREATE TABLE closed_box (
    ballot_id BIGINT NOT NULL PRIMARY KEY REFERENCES ballot (id) ON DELETE CASCADE,
    head TEXT NOT NULL, papers INT NOT NULL, sha256 VARCHAR(64) NOT NULL);
CREATE INDEX idx_ledger_commitment ON ledger_entry (
    substr(payload, instr(payload, '"commitment":"') + 14, 16)) WHERE act = 'ballot.cast';
"""
POSTGRES = """
CREATE TABLE box_entry (tag VARCHAR(32) NOT NULL PRIMARY KEY, ballot_id BIGINT NOT NULL, sealed BYTEA NOT NULL);
CREATE INDEX idx_box_entry_ballot ON box_entry (ballot_id);
CREATE TABLE paper (
    ballot_id BIGINT NOT NULL REFERENCES ballot (id) ON DELETE RESTRICT, tracker VARCHAR(32) COLLATE "C" NOT NULL,
    version INT NOT NULL, choice VARCHAR(400) NOT NULL, PRIMARY KEY (ballot_id, tracker));
CREATE TABLE closed_box (
    ballot_id BIGINT NOT NULL PRIMARY KEY REFERENCES ballot (id) ON DELETE CASCADE,
    head TEXT NOT NULL, papers INT NOT NULL, sha256 VARCHAR(64) NOT NULL);
CREATE INDEX idx_ledger_commitment ON ledger_entry (
    substr(payload, position('"commitment":"' in payload) + 14, 16)) WHERE act = 'ballot.cast';
"""


async def refuse_full(apps: Any, editor: Any) -> None:
    for table in ("box_entry", "closed_box"):
        if await editor.client.execute_query_dict(f"SELECT 1 AS one FROM {table} LIMIT 1"):
            raise RuntimeError(f"{table} is not empty: finish open votes with the version that began them")


async def by_hand(apps: Any, editor: Any) -> None:
    client = editor.client
    await client.execute_script("DROP TABLE box_entry; DROP TABLE closed_box; DROP TABLE paper;")
    await client.execute_script(POSTGRES if client.capabilities.dialect == "postgres" else SQLITE)


def to_ballot(related_name: str, on_delete: OnDelete, db_constraint: bool = True) -> Any:
    return fields.ForeignKeyField(
        "models.Ballot", source_field="ballot_id", to_field="id", related_name=related_name,
        on_delete=on_delete, db_constraint=db_constraint,
    )  # fmt: skip


class Migration(Step):
    """What the models say, and then the tables as they are to be."""

    atomic = False
    dependencies = [("models", "0004_invitations")]
    operations = [
        ops.RunPython(refuse_full),
        ops.DeleteModel(name="BoxEntry"),
        ops.DeleteModel(name="ClosedBox"),
        ops.CreateModel(
            name="BoxEntry",
            fields=[
                ("tag", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ("ballot", to_ballot("box", OnDelete.RESTRICT, False)),
                ("sealed", fields.BinaryField()),
            ],
            options={"table": "box_entry", "app": "models", "pk_attr": "tag"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Paper",
            fields=[
                ("tracker", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ("ballot", to_ballot("papers", OnDelete.RESTRICT)),
                ("version", fields.IntField()),
                ("choice", fields.CharField(max_length=400)),
            ],
            options={"table": "paper", "app": "models", "pk_attr": "tracker"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ClosedBox",
            fields=[
                (
                    "ballot",
                    fields.OneToOneField(
                        "models.Ballot", source_field="ballot_id", primary_key=True, db_index=True,
                        db_constraint=True, to_field="id", related_name="closed_box",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("head", fields.TextField(unique=False)),
                ("papers", fields.IntField()),
                ("sha256", fields.CharField(max_length=64)),
            ],
            options={"table": "closed_box", "app": "models", "pk_attr": "ballot_id"},
            bases=["Model"],
        ),
        ops.RunPython(by_hand),
    ]  # fmt: skip
