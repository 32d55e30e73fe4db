"""Every act is tried by every role: who may succeeds, everybody else is refused, and nobody makes it crash.

How to add a row for a new act: in ``tests/acts/permission_rows/<capability>.py`` (a new file is found by itself)

    @row("proposal.publish", "resident")                  # the act, then every role that may
    async def _(cast: Cast) -> Attempt:
        draft = await proposals.create(cast["resident"], title="甲", body="乙", area=cast.world.community.code)
        return lambda actor: proposals.publish(actor, draft.id)

The function makes what must be there, by acts of those who may, and gives the attempt. The test runs the attempt
as each role that is not named, which must be refused with NotSignedIn or NotAllowed and change nothing; then, with a
new set-up each time, as each role that is named, which must succeed. ``PEOPLE`` is everybody signed in, ``ROLES``
everybody, guests and the platform too. The roles are described in ``tests/support/permissions.py``. Where an act
treats people differently by its subject (the author, a scrutineer), let one role be that person, and write a
second row when another set-up has another answer. ``not_now=("resident",)`` names roles that may, but not in
this set-up (they have done it already, say): their refusal must be another one. Each row is undone before the next.
"""

from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import civic.acts
from civic.acts.core import ACTS
from civic.errors import CivicError, NotAllowed, NotSignedIn
from civic.models import LedgerEntry
from tests.support.permissions import ROLES, ROWS, Attempt, Cast, Row
from tests.support.undoing import undone
from tests.support.world import World

pytestmark = pytest.mark.anyio

for _module in iter_modules(civic.acts.__path__):
    import_module(f"civic.acts.{_module.name}")
for _path in sorted((Path(__file__).parent / "permission_rows").glob("*.py")):
    import_module(f"tests.acts.permission_rows.{_path.stem}")

TABLE = [row for name in sorted(ROWS) for row in ROWS[name]]
HOW = "Add a row in tests/acts/permission_rows/; tests/acts/test_permissions.py says how."


def test_every_act_has_a_row() -> None:
    ours = {name for name in ACTS if not name.startswith("test.")}
    missing, gone = sorted(ours - set(ROWS)), sorted(set(ROWS) - ours)
    assert not missing, f"WITHOUT A ROW OF PERMISSIONS: {', '.join(missing)}. {HOW}"
    assert not gone, f"Rows of acts that are no more: {', '.join(gone)}"


def test_the_table_is_tried_by_every_role_that_was_promised() -> None:
    promised = {
        "guest", "resident", "resident_elsewhere", "delegate", "manager", "clerk", "host", "chair", "secretary",
        "official_elsewhere", "steward",
    }  # fmt: skip
    assert promised <= set(ROLES)
    # Each of them is somewhere let in and somewhere kept out: none is a mere name.
    for role in promised - {"guest"}:
        assert any(role in row.allowed for row in TABLE), role
        assert any(role not in row.allowed for row in TABLE), role


async def refusal(attempt: Attempt, cast: Cast, role: str) -> CivicError | None:
    """How a role is refused; None when it is not. Any other exception is a crash and goes on."""
    try:
        await attempt(cast[role])
    except CivicError as error:
        return error
    return None


@pytest.mark.parametrize("capability", sorted({row.act.split(".")[0] for row in TABLE}))
async def test_who_may_and_who_may_not(connected: str, world: World, capability: str) -> None:
    wrong: list[Exception] = []
    for row in TABLE:
        if row.act.split(".")[0] != capability:
            continue

        tried = partial(try_all, row, world)
        try:
            await (tried() if row.committed else undone(tried))
        except (Exception, pytest.fail.Exception) as error:
            error.add_note(f"in the row of {row.act}, {row.set_up.__module__}")
            wrong.append(error)
    if wrong:
        raise ExceptionGroup(f"rows of {capability}", wrong)


async def try_all(row: Row, world: World) -> None:
    """Everybody who is not named, then with a new set-up each of those who are."""
    cast = await Cast.make(world)
    attempt = await row.set_up(cast)
    before = await LedgerEntry.all().count()
    for role in ROLES:
        if role in row.allowed:
            continue
        told = await refusal(attempt, cast, role)
        if told is None:
            pytest.fail(f"{row.act} by {role}: succeeded, though the row does not name this role")
        about_them = isinstance(told, NotSignedIn | NotAllowed)
        if role in row.not_now:
            assert not about_them, f"{row.act} by {role}: may, but was refused as {told.code} {told.reason}"
        else:
            assert about_them, f"{row.act} by {role}: {told.code} {told.reason} says nothing of who they are"
            signed_out = role in ("guest", "system")
            assert signed_out or isinstance(told, NotAllowed), f"{row.act} by {role}: told to sign in again"
            if role == "guest":
                right = isinstance(told, NotSignedIn) or told.reason == "system"
                assert right, f"{row.act}: a guest is told to sign in first, not {told.reason}"
    assert await LedgerEntry.all().count() == before, f"{row.act}: a refused attempt left a record"
    for number, role in enumerate(row.allowed):
        if number:
            cast = await Cast.make(world)
            attempt = await row.set_up(cast)
        await attempt(cast[role])
