"""The proof probes of transparency-dev's merkle library: each is accepted or refused as it says."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from civic.rules import merkle

FOLDER = Path(__file__).parents[2].parent / "shared" / "data" / "merkle"


def probes(kind: str) -> list[Any]:
    files = sorted((FOLDER / kind).rglob("*.json"))
    if not files:
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"no probes in {FOLDER.name}/{kind}"))]
    return [pytest.param(f, id=str(f.relative_to(FOLDER / kind))) for f in files]


def accepted(verify: Any, *arguments: Any) -> bool:
    try:
        verify(*arguments)
    except merkle.ProofError:
        return False
    return True


@pytest.mark.parametrize("file", probes("inclusion"))
def test_inclusion(file: Path) -> None:
    case = json.loads(file.read_text())
    proof = [b64decode(h) for h in case["proof"] or []]
    leaf, root = b64decode(case["leafHash"]), b64decode(case["root"])
    answer = accepted(merkle.verify_inclusion, leaf, case["leafIdx"], case["treeSize"], proof, root)
    assert answer is not case["wantErr"], case["desc"]


@pytest.mark.parametrize("file", probes("consistency"))
def test_consistency(file: Path) -> None:
    case = json.loads(file.read_text())
    proof = [b64decode(h) for h in case["proof"] or []]
    roots = b64decode(case["root1"]), b64decode(case["root2"])
    answer = accepted(merkle.verify_consistency, case["size1"], case["size2"], *roots, proof)
    assert answer is not case["wantErr"], case["desc"]
