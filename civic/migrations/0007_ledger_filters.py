"""Day and party of the ledger's entries, so that they can be looked up; taken from what is on the record."""

from typing import Any

from tortoise import fields
from tortoise.migrations import operations as ops

from civic.migrations import Step

FILL = {
    "sqlite": "UPDATE ledger_entry SET party_id = json_extract(payload, '$.party'), "
    "day = substr(json_extract(payload, '$.time'), 1, 10)",
    "postgres": "UPDATE ledger_entry SET party_id = (payload::jsonb ->> 'party')::bigint, "
    "day = left(payload::jsonb ->> 'time', 10)",
}
INDEXES = """
CREATE INDEX IF NOT EXISTS ledger_entry_day ON ledger_entry (day, seq);
CREATE INDEX IF NOT EXISTS ledger_entry_party ON ledger_entry (party_id, seq) WHERE party_id IS NOT NULL;
"""


async def fill(apps: Any, editor: Any) -> None:
    client = editor.client
    await client.execute_script(FILL[client.capabilities.dialect])
    await client.execute_script(INDEXES)


class Migration(Step):
    """The columns repeat the payload, which stays as it is: the tree is not touched."""

    dependencies = [("models", "0006_charters")]
    initial = False
    operations = [
        ops.AddField(model_name="LedgerEntry", name="party_id", field=fields.BigIntField(null=True)),
        ops.AddField(
            model_name="LedgerEntry",
            name="day",
            field=fields.CharField(max_length=10, default="", db_default=""),
        ),
        ops.RunPython(fill),
    ]
