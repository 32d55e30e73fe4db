"""One's own account in the API: sessions, tokens, providers, password, data, leaving."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe

import strawberry

from civic import clock
from civic.acts import accounts, people
from civic.errors import N_, InvalidInput, NotAllowed, NotFound
from civic.models import AccessToken as TokenRow
from civic.models import Identity as IdentityRow
from civic.models import Person as PersonRow
from civic.models import Session as SessionRow
from civic.schema.core.ids import decode, decode_int, encode
from civic.schema.core.throttle import sign_ins
from civic.schema.people import Info
from civic.settings import settings


@strawberry.type(description="A browser in which one is signed in.")
class Session:
    id: strawberry.ID
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    current: bool = strawberry.field(description="Whether this request comes from it.")


@strawberry.type(description="A personal access token, without the token itself.")
class AccessToken:
    id: strawberry.ID
    label: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None


@strawberry.type(description="An identity provider's account that opens this one.")
class LinkedProvider:
    id: strawberry.ID
    issuer: str


@strawberry.type(description="One's own account.")
class Account:
    name: str
    email: str | None
    code: str = strawberry.field(description="Names the account to others, who invite it to a role.")
    language: str
    has_password: bool
    provider: str | None = strawberry.field(description="Name of the provider that can be connected, if any.")
    row: strawberry.Private[PersonRow]

    @strawberry.field(description="Where one is signed in, the latest first.")
    async def sessions(self, info: Info) -> list[Session]:
        rows = SessionRow.filter(person_id=self.row.id, ends_at__gt=clock.now()).order_by("-seen_at")
        return [
            Session(
                id=encode("Session", row.hash[:16]), started_at=row.started_at, seen_at=row.seen_at,
                ends_at=row.ends_at, current=row.hash == info.context.session,
            )
            for row in await rows.limit(50)
        ]  # fmt: skip

    @strawberry.field(description="Tokens that work.")
    async def tokens(self) -> list[AccessToken]:
        rows = TokenRow.filter(person_id=self.row.id, revoked_at=None).order_by("-id").limit(50)
        return [
            AccessToken(
                id=encode("AccessToken", row.id), label=row.label, scopes=list(row.scopes),
                created_at=row.created_at, expires_at=row.expires_at,
            )
            for row in await rows
            if row.expires_at is None or row.expires_at > clock.now()
        ]  # fmt: skip

    @strawberry.field(description="Connected identity providers.")
    async def providers(self) -> list[LinkedProvider]:
        rows = await IdentityRow.filter(person_id=self.row.id).order_by("id")
        return [LinkedProvider(id=encode("Identity", row.id), issuer=row.issuer) for row in rows]


@strawberry.type
class Query:
    @strawberry.field(description="The signed-in person's account.")
    async def account(self, info: Info) -> Account:
        row = info.context.signed_in()
        return Account(
            name=row.name, email=row.email, code=row.pseudonym, language=row.language,
            has_password=bool(row.password_hash), row=row,
            provider=settings().oidc_label if settings().oidc_issuer else None,
        )  # fmt: skip


@strawberry.input
class EditAccountInput:
    name: str
    language: str


@strawberry.input
class ChangeEmailInput:
    email: str
    current_password: str = strawberry.field(default="", description="Needed where there is one.")


@strawberry.input
class ChangePasswordInput:
    password: str
    current_password: str = strawberry.field(default="", description="Needed where there is one.")


@strawberry.input
class AskResetInput:
    email: str


@strawberry.input
class ResetPasswordInput:
    token: str = strawberry.field(description="The end of the link in the letter.")
    password: str


@strawberry.input
class DeleteAccountInput:
    sure: bool = False
    current_password: str = strawberry.field(default="", description="Needed where there is one.")


@strawberry.input
class CreateTokenInput:
    label: str
    scopes: list[str] = strawberry.field(description="`read`, or `read` and `write`.")
    days: int | None = strawberry.field(default=None, description="How long it works; none: until revoked.")


@strawberry.input
class TokenInput:
    token: strawberry.ID


@strawberry.input
class SessionInput:
    session: strawberry.ID


@strawberry.input
class ProviderInput:
    provider: strawberry.ID


@strawberry.type
class TokenPayload:
    token: str = strawberry.field(description="Shown this once.")


@strawberry.type
class AccountPayload:
    done: bool = True


async def _prove(info: Info, password: str) -> PersonRow:
    """The person, who has shown the password; guesses are slowed. A token does not open the account."""
    person: PersonRow = info.context.signed_in()
    if info.context.scopes is not None:
        raise NotAllowed(
            N_("Programs cannot change how an account is opened. Sign in on the site."), reason="token"
        )
    key = (f"account:{person.id}", info.context.network)
    sign_ins.pairs.check(key)
    try:
        await accounts.check_own_password(person, password)
    except InvalidInput:
        sign_ins.pairs.failed(key)
        raise
    sign_ins.pairs.succeeded(key)
    return person


@strawberry.type
class Mutation:
    @strawberry.mutation(description="Change one's name and language.")
    async def edit_account(self, info: Info, input: EditAccountInput) -> AccountPayload:
        await people.edit(await info.context.actor(), name=input.name, language=input.language)
        info.context.changed()
        return AccountPayload()

    @strawberry.mutation(description="Change the address with which one signs in.")
    async def change_email(self, info: Info, input: ChangeEmailInput) -> AccountPayload:
        await _prove(info, input.current_password)
        await accounts.change_email(await info.context.actor(), email=input.email)
        info.context.changed()
        return AccountPayload()

    @strawberry.mutation(description="Set another password; all other sessions end.")
    async def change_password(self, info: Info, input: ChangePasswordInput) -> AccountPayload:
        await _prove(info, input.current_password)
        await accounts.change_password(await info.context.actor(), password=input.password)
        await info.context.end_sessions()
        return AccountPayload()

    @strawberry.mutation(
        description="Have a letter sent with a link to set a new password. Says nothing of who has an account."
    )
    async def ask_reset(self, info: Info, input: AskResetInput) -> AccountPayload:
        account, network = f"reset:{input.email.strip().lower()}", info.context.network
        sign_ins.check(account, network)
        await accounts.send_reset(input.email)
        sign_ins.failed(account, network)  # so that nobody's letter box is filled
        return AccountPayload()

    @strawberry.mutation(
        description="Set a new password by the link of a letter, and sign in; all other sessions end."
    )
    async def reset_password(self, info: Info, input: ResetPasswordInput) -> AccountPayload:
        key = ("reset", info.context.network)
        sign_ins.pairs.check(key)
        try:
            person = await accounts.reset_password(input.token, password=input.password)
        except InvalidInput as error:
            if error.reason == "bad_token":
                sign_ins.pairs.failed(key)
            raise
        await info.context.sign_in(person)
        await info.context.end_sessions()
        return AccountPayload()

    @strawberry.mutation(description="End one session.")
    async def end_session(self, info: Info, input: SessionInput) -> AccountPayload:
        key = decode(input.session, "Session", field="session")
        if len(key) != 16 or not await info.context.end_sessions(key):
            raise NotFound(N_("This session has ended already."), reason="gone", field="session")
        return AccountPayload()

    @strawberry.mutation(description="End all sessions but the one of this request.")
    async def end_other_sessions(self, info: Info) -> AccountPayload:
        await info.context.end_sessions()
        return AccountPayload()

    @strawberry.mutation(description="Make a personal access token for programs.")
    async def create_token(self, info: Info, input: CreateTokenInput) -> TokenPayload:
        await _prove_session(info)
        token = "civic_" + token_urlsafe(32)
        digest = sha256(token.encode()).hexdigest()
        await people.create_token(
            await info.context.actor(), label=input.label, scopes=input.scopes, hash=digest, days=input.days
        )
        return TokenPayload(token=token)

    @strawberry.mutation(description="End a personal access token.")
    async def revoke_token(self, info: Info, input: TokenInput) -> AccountPayload:
        key = decode_int(input.token, "AccessToken", field="token")
        await people.revoke_token(await info.context.actor(), key)
        info.context.changed()
        return AccountPayload()

    @strawberry.mutation(description="Disconnect an identity provider; never the only way in.")
    async def disconnect_provider(self, info: Info, input: ProviderInput) -> AccountPayload:
        await _prove_session(info)
        key = decode_int(input.provider, "Identity", field="provider")
        await accounts.disconnect_provider(await info.context.actor(), key)
        return AccountPayload()

    @strawberry.mutation(description="Delete one's account. Public acts stay, under the account code.")
    async def delete_account(self, info: Info, input: DeleteAccountInput) -> AccountPayload:
        if not input.sure:
            raise InvalidInput(N_("Tick the box if you are sure."), field="sure", reason="not_sure")
        await _prove(info, input.current_password)
        await people.delete(await info.context.actor())
        info.context.changed()
        await info.context.sign_out()
        return AccountPayload()


async def _prove_session(info: Info) -> None:
    """Refuse programs: a token that leaks must not make another, or close a way in."""
    info.context.signed_in()
    if info.context.scopes is not None:
        raise NotAllowed(
            N_("Programs cannot change how an account is opened. Sign in on the site."), reason="token"
        )
