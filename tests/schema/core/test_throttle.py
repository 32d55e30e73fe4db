"""Ten thousand wrong passwords: whoever guesses is slowed, and the owner gets in all the same. No real waiting."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from civic.acts import people
from civic.errors import TooMany
from civic.schema.core import throttle
from civic.schema.core.throttle import SignIns
from civic.settings import settings
from civic.web import devices
from tests.support.world import World

HOUR = 3600.0


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """``later(seconds)`` moves the throttle's clock."""
    now = [1000.0]
    monkeypatch.setattr(throttle, "monotonic", lambda: now[0])

    def move(seconds: float) -> None:
        now[0] += seconds

    return move


def attack(guard: SignIns, later: Callable[[float], None], networks: int, attempts: int = 10_000) -> int:
    """Ten guesses a second from these networks in turn; how many were tried at all."""
    tried = 0
    for number in range(attempts):
        later(0.1)
        source = ("lin", f"net{number % networks}")
        try:
            guard.check(*source)
        except TooMany:
            continue
        tried += 1
        guard.failed(*source)
    return tried


def welcome(guard: SignIns, *source: str) -> bool:
    try:
        guard.check(*source)
    except TooMany:
        return False
    return True


@pytest.mark.parametrize(("networks", "most"), [(1, 20), (50, 400), (2000, 4200)])
def test_guesses_are_few_whatever_they_come_from(
    later: Callable[[float], None], networks: int, most: int
) -> None:
    assert attack(SignIns(), later, networks) <= most


def test_the_owner_gets_in_during_the_attack(later: Callable[[float], None]) -> None:
    guard = SignIns()
    attack(guard, later, 50)
    assert not welcome(guard, "lin", "net1")
    assert welcome(guard, "lin", "another network")  # the first try from anywhere is free
    assert welcome(guard, "lin", "net1", "known device")  # also beside the guessers
    guard.failed("lin", "net1", "known device")  # a slip of the fingers
    assert welcome(guard, "lin", "net1", "known device")
    assert welcome(guard, "mei", "another network")  # other accounts do not suffer


def test_who_mistypes_during_the_attack_waits_five_minutes(later: Callable[[float], None]) -> None:
    guard = SignIns()
    attack(guard, later, 50)
    guard.failed("lin", "another network")
    assert not welcome(guard, "lin", "another network")
    later(301)
    assert welcome(guard, "lin", "another network")
    later(HOUR + 1)
    guard.failed("lin", "another network")  # the attack is over: mistakes are free again
    assert welcome(guard, "lin", "another network")


def test_a_known_device_may_not_guess_without_end_either(later: Callable[[float], None]) -> None:
    guard, tried = SignIns(), 0
    for _ in range(10_000):
        later(0.1)
        if welcome(guard, "lin", "home", "stolen cookie"):
            tried += 1
            guard.failed("lin", "home", "stolen cookie")
    assert tried <= 20


def test_one_network_may_not_try_many_accounts(later: Callable[[float], None]) -> None:
    guard, tried = SignIns(), 0
    for number in range(10_000):
        later(0.1)
        if welcome(guard, f"person{number}", "net"):
            tried += 1
            guard.failed(f"person{number}", "net")
    assert tried <= 75


def test_the_cookie_of_a_device_is_good_for_its_account_only(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "data_dir", tmp_path)
    cookie = devices.make("lin@example.org")
    assert devices.read(cookie, "LIN@example.org ") == cookie.split(".")[0]
    for forged in ("", ".", "x", cookie[:-1], "x" + cookie, cookie + "0", "名." + cookie.split(".")[1]):
        assert devices.read(forged, "lin@example.org") == ""
    assert devices.read(cookie, "mei@example.org") == ""


@pytest.mark.anyio
async def test_ten_thousand_requests(app: Any, world: World, later: Callable[[float], None]) -> None:
    """Through the whole stack: the attacker is told to wait; the owner signs in from elsewhere and beside them."""
    password, many = "correct horse", 10_000
    if settings().on_postgres:  # what is counted never touches the database
        many = 1_000
    await people.sign_up(name="示例居民", email="lin@example.org", password=password)
    throttle.sign_ins.__init__()  # type: ignore[misc]

    def client(host: str) -> Any:
        transport = httpx2.ASGITransport(app=app, client=(host, 1))
        return httpx2.AsyncClient(transport=transport, base_url=settings().origin)

    async def attempt(http: Any, guess: str) -> str:
        query = "mutation($i: SignInInput!) { signIn(input: $i) { person { name } } }"
        body = {"query": query, "variables": {"i": {"email": "Lin@example.org", "password": guess}}}
        answer = (await http.post("/graphql", json=body, headers={"Accept-Language": "en"})).json()
        return str(answer["errors"][0]["extensions"]["reason"]) if "errors" in answer else "in"

    async with (
        client("192.0.2.1") as known,
        client("192.0.2.2") as attacker,
        client("198.51.100.1") as abroad,
    ):
        assert await attempt(known, password) == "in"
        told: dict[str, int] = {}
        for number in range(many):
            later(1_000 / many)
            reason = await attempt(attacker, f"guess {number}")
            told[reason] = told.get(reason, 0) + 1
        assert told["wrong_password"] <= 20 and told["wait"] == many - told["wrong_password"]
        assert await attempt(attacker, password) == "wait"
        assert await attempt(abroad, password) == "in"
        assert await attempt(known, password) == "in"  # the same network as the attacker's
    throttle.sign_ins.__init__()  # type: ignore[misc]
