"""A voter's device in Python, for votes with voting passes: what pass.js does in a browser."""

from __future__ import annotations

from base64 import b64decode
from secrets import randbelow, token_bytes

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from civic.acts import ballots
from civic.acts.box import Receipt
from civic.acts.core import Actor
from civic.acts.tokens import TokenVote
from civic.models import Ballot, Person
from civic.rules import blind_signatures as bs
from civic.rules import tokens
from civic.rules.tokens import Token


class Device:
    """``blinded`` goes to the platform with a name; `vote` makes what goes there without one."""

    def __init__(self, ballot: Ballot) -> None:
        self.ballot = ballot.id
        self.public = tokens.public_key(b64decode(ballot.token_key))
        self.key = ec.generate_private_key(ec.SECP256R1())
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        self.prefix = token_bytes(bs.PREFIX_SIZE)
        self.point = point
        self.prepared = bs.prepare(tokens.message(self.ballot, point), self.prefix)
        number, self.inverse = bs.blind(
            self.public, self.prepared, salt=token_bytes(bs.SALT_SIZE), r=1 + randbelow(self.public.n - 1)
        )
        self.blinded = tokens.encode(number)
        self.token: Token | None = None

    async def get_token(self, person: Person) -> Device:
        answer = await ballots.issue_token(Actor(person), self.ballot, blinded=self.blinded)
        signature = bs.finalize(self.public, self.prepared, answer, self.inverse)
        self.token = Token(self.ballot, self.point, self.prefix, signature)
        return self

    def vote(self, choice: str, version: int = 1, ballot: int | None = None) -> TokenVote:
        assert self.token is not None
        signed = self.key.sign(
            tokens.vote_message(ballot or self.ballot, version, choice), ec.ECDSA(hashes.SHA256())
        )
        r, s = decode_dss_signature(signed)
        return TokenVote(
            tokens.write(self.token),
            version,
            choice,
            tokens.encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")),
        )

    async def cast(self, choice: str, version: int = 1) -> Receipt:
        return await ballots.cast_with_token(self.ballot, self.vote(choice, version))
