"""Votes by blind-signed tokens: the ballot's key, and papers that come with a token instead of a voter.

The private key lies beside the box key and is destroyed with it. A token's paper lies in the box as others do, sealed,
under a tag made from the token. Not acts, but their steps.
"""

from __future__ import annotations

import asyncio
from base64 import b64decode, b64encode
from collections.abc import Sequence
from pathlib import Path
from secrets import randbelow
from typing import NamedTuple

import orjson
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from civic import db
from civic.acts import box
from civic.acts.box import Receipt
from civic.errors import N_, CivicError, Conflict, InvalidInput, InvalidState
from civic.models import Ballot, ClosedBox, TokenIssue
from civic.rules import blind_signatures, sealing, tokens
from civic.rules.blind_signatures import PrivateKey
from civic.rules.sealing import Paper
from civic.rules.tokens import NoToken, Token

PROOF_ROOM = 768  # a token and a vote's signature as text have at most 600 letters


class TokenVote(NamedTuple):
    """A vote as a device sends it. ``choice`` is canonical; ``signature`` is by the token's holder, in base64url."""

    token: str
    version: int
    choice: str
    signature: str


def make_key(ballot_id: int) -> str:
    """Make the ballot's key pair, once; its public key as base64 (SubjectPublicKeyInfo)."""
    path = box.token_key_path(ballot_id)
    if not path.exists():
        private = rsa.generate_private_key(65537, tokens.KEY_BITS)
        box.write_key(
            path,
            private.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )
    public = _load(path).public_key()
    return b64encode(
        public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    ).decode()


def _load(path: Path) -> rsa.RSAPrivateKey:
    # Ours, so it is not checked anew at each use: that would take five times as long as the signature.
    found = serialization.load_der_private_key(path.read_bytes(), None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(found, rsa.RSAPrivateKey)
    return found


def check_blinded(key: str, blinded: bytes) -> None:
    """Raises InvalidInput for what this ballot's key (public, in base64) cannot sign."""
    public = tokens.public_key(b64decode(key))
    if len(blinded) != public.size or int.from_bytes(blinded, "big") >= public.n:
        raise not_blinded()


async def blind_sign(ballot_id: int, blinded: bytes) -> bytes:
    """Sign what a device has blinded, beside other work. InvalidState when the key is gone."""
    return await asyncio.to_thread(_blind_sign, ballot_id, blinded)


def _blind_sign(ballot_id: int, blinded: bytes) -> bytes:
    try:
        numbers = _load(box.token_key_path(ballot_id)).private_numbers()
    except FileNotFoundError:
        raise InvalidState(N_("The ballot box is closed."), reason="box_closed") from None
    key = PrivateKey(numbers.p, numbers.q, numbers.public_numbers.e)
    return blind_signatures.blind_sign(key, blinded, mask=2 + randbelow(key.public.n - 2))


def not_blinded() -> InvalidInput:
    return InvalidInput(
        N_("This is nothing that a device has blinded for this ballot. Load the page again."),
        field="blinded",
        reason="not_blinded",
    )


async def issued(ballot_id: int, person_id: object) -> bool:
    """Whether this voter was given their token; only asked for the voter themself."""
    return bool(await TokenIssue.filter(ballot_id=ballot_id, person_id=person_id).exists())


async def number_issued(ballot: Ballot) -> int:
    """How many voters were given their token; after closing as the published box says."""
    if not ballot.anonymous:
        return 0
    closed = await ClosedBox.get_or_none(ballot_id=ballot.id)
    if closed is not None:
        return int(orjson.loads(closed.head)["tokens"]["issued"])
    return int(await TokenIssue.filter(ballot_id=ballot.id).count())


def checked(ballot_id: int, key: str, vote: TokenVote) -> Token:
    """The token of a vote that its holder signed. Raises InvalidInput."""
    try:
        token = tokens.read(vote.token.strip())
    except NoToken:
        raise InvalidInput(
            N_("This is not a whole voting pass. Copy all of its text."), field="token", reason="not_a_token"
        ) from None
    if token.ballot != ballot_id:
        raise InvalidInput(
            N_("This voting pass is for another ballot."), field="token", reason="other_ballot"
        )
    if not tokens.is_signed(tokens.public_key(b64decode(key)), token):
        raise InvalidInput(
            N_("This voting pass was altered, or not signed for this ballot. Nothing was cast."),
            field="token",
            reason="bad_token",
        )
    try:
        signature = tokens.decode(vote.signature)
    except ValueError:
        signature = b""
    if not 1 <= vote.version <= tokens.MOST_VERSIONS or not tokens.is_vote(
        token, vote.version, vote.choice, signature
    ):
        raise InvalidInput(
            N_("This vote is not signed by the holder of the voting pass, or was altered. Nothing was cast."),
            field="signature",
            reason="bad_vote",
        )
    return token


_ADD = "INSERT INTO box_entry (tag, ballot_id, sealed) VALUES (?, ?, ?) ON CONFLICT (tag) DO NOTHING RETURNING tag"
_LOOK = "SELECT sealed FROM box_entry WHERE tag = ?"
_REPLACE = "UPDATE box_entry SET sealed = ? WHERE tag = ?"


async def put(
    ballot_id: int, votes: Sequence[tuple[Token, TokenVote]], options: Sequence[str]
) -> list[Receipt | CivicError]:
    """Lay papers into the box, or replace those of the same tokens. A receipt or the refusal for each."""
    key = box.key_of(ballot_id)
    place_of, unseal = sealing.tagger(key, ballot_id), sealing.opener(key)
    seal = sealing.sealer(key, sealing.room(options) + PROOF_ROOM)
    look = _LOOK + (" FOR UPDATE" if db.on_postgres() else "")
    places = [place_of(f"token {tokens.tracker(token)}") for token, _ in votes]
    done: dict[int, Receipt | CivicError] = {}
    signed: dict[int, Paper] = {}
    # In the order of their places, so that nobody deadlocks; a token's votes in the order of their versions.
    for number in sorted(range(len(votes)), key=lambda n: (places[n], votes[n][1].version)):
        place, (token, vote) = places[number], votes[number]
        tracker = tokens.tracker(token)
        proof = tokens.write_proof(tokens.write(token), vote.signature)
        sealed = seal(place, Paper(vote.version, tracker, f"{vote.choice}\n{proof}"))
        if not await db.fetch(_ADD, place, ballot_id, sealed):
            before = unseal(place, bytes((await db.fetch(look, place))[0]["sealed"]))
            if vote.version <= before.version:
                done[number] = Conflict(
                    N_(
                        "A vote with this voting pass and this version is in the box already; it was not cast again."
                    ),
                    reason="replayed",
                    version=before.version,
                )
                continue
            await db.execute(_REPLACE, sealed, place)
        signed[number] = Paper(vote.version, tracker, vote.choice)
    done |= zip(signed, box.sign(str(ballot_id), list(signed.values())), strict=True)
    return [done[number] for number in range(len(votes))]
