"""What comes after a count, as the API shows it: files to count again."""

from __future__ import annotations

import strawberry

from civic.ledger import box_files
from civic.models import Ballot as BallotRow


@strawberry.type(description="The published box as a file for a tool of others.")
class BoxFile:
    kind: str = strawberry.field(
        description="pb (Pabulib), blt, soi or soc (PrefLib), or csv with every paper."
    )
    path: str = strawberry.field(description="Where it is served.")


@strawberry.type(description="What comes after a count.")
class Aftermath:
    row: strawberry.Private[BallotRow]

    @strawberry.field(description="The published box in other formats; none before it is counted.")
    async def files(self) -> list[BoxFile]:
        return [
            BoxFile(kind=kind, path=f"/ballots/{self.row.id}.{kind}")
            for kind in await box_files.kinds(self.row)
        ]
