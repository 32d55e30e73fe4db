"""Signing in with a real OpenID Connect provider that runs on this machine: code flow with PKCE."""

from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx2
import pytest

from civic import clock
from civic.acts import people
from civic.models import Identity, Person
from civic.settings import settings
from tests.support.browser import chromium, executable
from tests.support.provider import Provider
from tests.support.server import Server, free_port

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    provider = Provider("http://127.0.0.1:8000/sign-in/oidc/callback")
    yield provider
    provider.stop()


@pytest.fixture
async def client(provider: Provider, database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    monkeypatch.setenv("CIVIC_OIDC_ISSUER", provider.issuer)
    monkeypatch.setenv("CIVIC_OIDC_CLIENT_ID", "civic")
    monkeypatch.setenv("CIVIC_OIDC_CLIENT_SECRET", provider.secret)
    monkeypatch.setenv("CIVIC_OIDC_LABEL", "示例身份服务")
    monkeypatch.setenv("CIVIC_RUN_JOBS", "false")
    settings.cache_clear()
    from civic.app import create_app

    app = create_app()
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            client.headers["accept-language"] = "en"
            yield client


def changed(address: str, **changes: str) -> str:
    """An address with other values in its query string."""
    parts = urlsplit(address)
    return parts._replace(query=urlencode({**dict(parse_qsl(parts.query)), **changes})).geturl()


async def away(client: Any, query: str = "", **headers: str) -> str:
    answer = await client.get("/sign-in/oidc" + query, headers=headers)
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def back(client: Any, address: str) -> Any:
    assert address.startswith("http://127.0.0.1:8000/sign-in/oidc/callback?")
    return await client.get(address)


async def go(client: Any, provider: Provider, name: str = "lin", query: str = "") -> Any:
    return await back(client, await provider.consent(await away(client, query), name))


async def test_somebody_new_and_again(client: Any, provider: Provider) -> None:
    page = await client.get("/sign-in")
    assert 'href="/sign-in/oidc"' in page.text and "示例身份服务" in page.text
    address = await away(client, "?next=/account")
    asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
    assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code"
    answer = await back(client, await provider.consent(address, "lin"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert "提供方的lin" in (await client.get("/account")).text
    person = await Person.get()
    assert (person.name, person.email, person.password_hash) == ("提供方的lin", "lin@example.org", None)
    client.cookies.clear()
    assert (await go(client, provider)).headers["location"] == "/desk"
    assert await Person.all().count() == 1 and (await Identity.get()).issuer == provider.issuer


async def test_an_address_that_the_provider_has_not_verified(client: Any, provider: Provider) -> None:
    await go(client, provider, "doubtful")
    assert (await Person.get()).email is None


async def test_an_account_with_a_password_is_not_taken_over(client: Any, provider: Provider) -> None:
    owner = await people.sign_up(name="示例居民", email="lin@example.org", password="correct horse")
    answer = await go(client, provider)
    assert answer.headers["location"] == "/sign-in"
    assert "Sign in to it, then connect the provider" in (await client.get("/sign-in")).text
    assert await Identity.all().count() == 0 and await Person.all().count() == 1
    query = "mutation($i: SignInInput!) { signIn(input: $i) { person { name } } }"
    given = {"email": "lin@example.org", "password": "correct horse"}
    await client.post("/graphql", json={"query": query, "variables": {"i": given}})
    # Another site cannot begin it, nor a client that does not say where it comes from.
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Referer": "https://evil.example/"}):
        assert await away(client, "?connect=1", **headers) == "/sign-in"
    address = await away(client, "?connect=1", **{"Sec-Fetch-Site": "same-origin"})
    answer = await back(client, await provider.consent(address, "lin"))
    assert answer.headers["location"] == "/account" and (await Identity.get()).person_id == owner.id
    client.cookies.clear()
    assert (await go(client, provider)).headers["location"] == "/desk"
    assert await Person.all().count() == 1


async def test_connecting_needs_the_session_that_began_it(client: Any, provider: Provider) -> None:
    await people.sign_up(name="示例居民", email="mei@example.org", password="correct horse")
    query = "mutation($i: SignInInput!) { signIn(input: $i) { person { name } } }"
    given = {"email": "mei@example.org", "password": "correct horse"}
    await client.post("/graphql", json={"query": query, "variables": {"i": given}})
    address = await away(client, "?connect=1", **{"Sec-Fetch-Site": "same-origin"})
    target = await provider.consent(address, "lin")
    await client.post("/sign-out")
    assert (await back(client, target)).headers["location"] == "/sign-in"
    assert await Identity.all().count() == 0


@pytest.mark.parametrize(
    "what",
    ["state", "nonce", "pkce", "issuer", "no issuer", "code", "expired", "no cookie", "replayed", "refused"],
)
async def test_what_is_not_believed(client: Any, provider: Provider, what: str) -> None:
    address = await away(client)
    if what == "nonce":
        address = changed(address, nonce="another")
    if what == "pkce":
        address = changed(address, code_challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    target = await provider.consent(address, "lin")
    if what == "state":
        target = changed(target, state="another")
    if what == "issuer":
        target = changed(target, iss="https://evil.example")
    if what == "no issuer":
        query = {k: v for k, v in parse_qsl(urlsplit(target).query) if k != "iss"}
        target = urlsplit(target)._replace(query=urlencode(query)).geturl()
    if what == "code":
        target = changed(target, code="another")
    if what == "no cookie":
        client.cookies.clear()
    if what == "replayed":
        cookies = dict(client.cookies)
        assert (await back(client, target)).headers["location"] == "/desk"
        client.cookies.clear()
        client.cookies.update(cookies)
        assert (await back(client, target)).headers["location"] == "/sign-in"
        return
    if what == "refused":
        query = {"error": "access_denied", "state": dict(parse_qsl(urlsplit(target).query))["state"]}
        target = urlsplit(target)._replace(query=urlencode(query)).geturl()
    with clock.shift(timedelta(hours=2) if what == "expired" else timedelta()):
        answer = await back(client, target)
    assert answer.headers["location"] == "/sign-in" and "civic_session" not in client.cookies
    assert "did not work" in (await client.get("/sign-in")).text
    assert await Person.all().count() == 0


async def test_another_issuer_than_the_one_in_the_settings(
    client: Any, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "oidc_issuer", f"http://localhost:{provider.port}")
    assert await away(client) == "/sign-in"  # it says that it is 127.0.0.1


@pytest.mark.browser
def test_in_a_browser(database: str) -> None:
    """From our page to the provider's pages and back. In a thread: Playwright's loop must not meet pytest's."""
    if executable() is None:
        pytest.skip("Chromium is missing: apt-get install chromium fonts-noto-cjk")
    port = free_port()
    provider = Provider(f"http://127.0.0.1:{port}/sign-in/oidc/callback")
    server = Server(
        settings().data_dir, settings().database_url, oidc_issuer=provider.issuer, oidc_client_id="civic",
        oidc_client_secret=provider.secret, oidc_label="示例身份服务",
    )  # fmt: skip
    server.port, server.url = port, f"http://127.0.0.1:{port}"
    server.environment["CIVIC_ORIGIN"] = server.url

    def walk() -> str:
        with chromium() as browser:
            page = browser.new_page()
            page.goto(server.url + "/account")
            page.get_by_role("link", name="示例身份服务").click()
            page.fill("input[name=login]", "mei")
            page.fill("input[name=password]", "anything")
            page.click("button[type=submit]")
            page.click("button[type=submit]")  # its consent
            page.wait_for_url(server.url + "/account")
            return page.inner_text("main")

    try:
        server.start()
        with ThreadPoolExecutor(1) as thread:
            assert "提供方的mei" in thread.submit(walk).result()
    finally:
        server.stop()
        provider.stop()
