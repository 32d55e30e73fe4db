"""What can be searched: one row for each public thing, its text cut into bigrams."""

from tortoise import fields
from tortoise.models import Model


class SearchDocument(Model):
    """``terms`` is what `civic.rules.search_text.index_text` makes; the full-text index stands over it."""

    id = fields.BigIntField(primary_key=True)
    kind = fields.CharField(12)
    subject_id = fields.BigIntField()
    terms = fields.TextField()

    class Meta:
        table = "search_document"
        unique_together = (("kind", "subject_id"),)
