"""The accounts of a demonstration, so that one press signs in. Elsewhere there are none."""

from __future__ import annotations

import json

import strawberry

from civic.schema.people import Info
from civic.settings import settings


@strawberry.type(description="An account of a demonstration. Its password is no secret.")
class DemoAccount:
    name: str
    email: str
    password: str
    says: str = strawberry.field(description="What the account is for, in the reader's language.")


@strawberry.type
class Query:
    @strawberry.field(description="Accounts to try a demonstration with; none on a real platform.")
    async def demo_accounts(self, info: Info) -> list[DemoAccount]:
        chosen = settings()
        file = chosen.data_dir / "demo.json"
        if not chosen.demo or not file.exists():
            return []
        about = json.loads(file.read_text("utf-8"))
        says = "says_en" if info.context.language == "en" else "says"
        return [
            DemoAccount(
                name=account["name"], email=account["email"], password=about["password"], says=account[says]
            )
            for account in about["accounts"]
        ]
