"""Open days: the turns of a slot, so that a stranger can replay its line, and which scan let somebody in."""

from tortoise import fields
from tortoise.migrations import operations as ops

from civic.migrations import Step


class Migration(Step):
    """Made by hand."""

    dependencies = [("models", "0016_find_gatherings")]
    operations = [
        ops.AddField(
            model_name="OpenDaySlot", name="turns", field=fields.IntField(default=0, db_default=0)
        ),
        ops.AddField(
            model_name="Registration", name="attempt",
            field=fields.CharField(max_length=40, default="", db_default=""),
        ),
    ]  # fmt: skip
