"""Sign-in with an OpenID Connect provider, which is played by a transport within the test."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

import civic.acts
from civic import clock
from civic.settings import settings
from civic.web import oidc
from civic.web.pages import site
from tests.web import tiny

pytestmark = pytest.mark.anyio
ISSUER = "https://login.example.org"
KEY = RSAKey.generate_key(2048, {"kid": "1"})
OTHER = RSAKey.generate_key(2048, {"kid": "1"})


class Provider:
    """What the provider remembers and answers."""

    def __init__(self) -> None:
        self.asked: dict[str, str] = {}
        self.changes: dict[str, Any] = {}
        self.key = KEY
        self.form: dict[str, str] = {}

    def respond(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if path == "/.well-known/openid-configuration":
            return httpx2.Response(
                200,
                json={
                    "issuer": ISSUER,
                    "authorization_endpoint": ISSUER + "/authorize",
                    "token_endpoint": ISSUER + "/token",
                    "jwks_uri": ISSUER + "/keys",
                },
            )
        if path == "/keys":
            return httpx2.Response(200, json={"keys": [KEY.as_dict(private=False)]})
        self.form = dict(parse_qsl(request.content.decode()))
        claims = {
            "iss": ISSUER,
            "aud": "civic",
            "sub": "42",
            "exp": int(clock.now().timestamp()) + 300,
            "nonce": self.asked["nonce"],
            "email": "lin@example.org",
            "email_verified": True,
            "name": "Lin",
            **self.changes,
        }
        token = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.key)
        return httpx2.Response(200, json={"id_token": token})


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    provider = Provider()
    monkeypatch.setattr(settings(), "oidc_issuer", ISSUER)
    monkeypatch.setattr(settings(), "oidc_client_id", "civic")
    transport = httpx2.MockTransport(provider.respond)
    monkeypatch.setattr(oidc.SignIn, "http", lambda self: httpx2.AsyncClient(transport=transport))
    return provider


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    seen: list[dict[str, Any]] = []

    async def person(self: Any, provider: Any, claims: dict[str, Any]) -> Any:
        seen.append(claims)
        return tiny.PERSON

    monkeypatch.setattr(oidc.SignIn, "person", person)
    return seen


@pytest.fixture
async def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    async def viewer(context: Any) -> Any:
        return {"name": context.viewer.name} if context.viewer else None

    monkeypatch.setattr(site, "viewer", viewer)
    async with tiny.client(tiny.make_app(tmp_path)) as client:
        yield client


async def go(client: Any, provider: Provider, **changes: str) -> Any:
    """To the provider and back."""
    away = await client.get("/sign-in/oidc?next=/mine")
    assert away.status_code == 303 and away.headers["location"].startswith(ISSUER + "/authorize?")
    provider.asked = {k: v[0] for k, v in parse_qs(urlsplit(away.headers["location"]).query).items()}
    assert provider.asked["code_challenge_method"] == "S256"
    back = {"code": "c", "state": provider.asked["state"], **changes}
    return await client.get("/sign-in/oidc/callback", params=back)


async def test_the_provider_signs_somebody_in(client: Any, provider: Provider, known: list[Any]) -> None:
    answer = await go(client, provider)
    assert (answer.status_code, answer.headers["location"]) == (303, "/mine")
    assert "Lin" in (await client.get("/mine")).text
    assert known[0]["sub"] == "42" and provider.form["code_verifier"]


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://evil.example"},
        {"aud": "other"},
        {"aud": ["civic", "other"]},
        {"exp": 1},
        {"nonce": "x"},
        {"sub": ""},
    ],
)
async def test_claims_that_are_not_meant_for_us(
    client: Any, provider: Provider, known: list[Any], changes: dict[str, Any]
) -> None:
    provider.changes = changes
    answer = await go(client, provider)
    assert answer.headers["location"] == "/sign-in" and not known


async def test_another_state_issuer_or_key(client: Any, provider: Provider, known: list[Any]) -> None:
    assert (await go(client, provider, state="other")).headers["location"] == "/sign-in"
    assert (await go(client, provider, iss="https://evil.example")).headers["location"] == "/sign-in"
    provider.key = OTHER
    assert (await go(client, provider)).headers["location"] == "/sign-in"
    client.cookies.clear()
    assert (await client.get("/sign-in/oidc/callback?state=x&code=y")).headers["location"] == "/sign-in"
    assert not known


async def test_only_a_verified_address_is_believed(
    client: Any, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []

    async def sign_in_with_provider(**values: Any) -> Any:
        given.append(values)
        return tiny.PERSON

    people = ModuleType("civic.acts.people")
    people.sign_in_with_provider = sign_in_with_provider  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "civic.acts.people", people)
    monkeypatch.setattr(civic.acts, "people", people, raising=False)
    provider.changes = {"email_verified": "yes"}
    await go(client, provider)
    assert given == [{"issuer": ISSUER, "subject": "42", "email": None, "name": "Lin"}]


async def test_without_a_provider_there_is_nothing(client: Any) -> None:
    assert (await client.get("/sign-in/oidc")).status_code == 404
