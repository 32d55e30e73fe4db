"""The platform's own keys and secrets: one file each, readable only by the operator."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from secrets import token_bytes

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from civic.settings import settings


def signing_key(name: str) -> Ed25519PrivateKey:
    """The key called ``name`` (``ledger`` or ``receipts``); made at first use."""
    return _signing_key(settings().keys_dir / f"{name}.ed25519")


def secret(file: str) -> bytes:
    """The 32 secret bytes of a file in the folder of keys; made at first use."""
    return _secret(settings().keys_dir / file)


@lru_cache(maxsize=16)
def _signing_key(path: Path) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_secret(path))


@lru_cache(maxsize=16)
def _secret(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(descriptor, token_bytes(32))  # any 32 bytes are a private key of Ed25519
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        try:
            os.link(fresh, path)  # fails when another process was first; then theirs holds
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()


@lru_cache(maxsize=16)
def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of the public key."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
