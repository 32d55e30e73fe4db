"""Where other people's cases lie, and the mark for tests that need them."""

import pytest

from tests.support.server import ROOT

DATA = ROOT.parent / "shared" / "data"
needs_data = pytest.mark.skipif(
    not DATA.exists(), reason="needs ../shared/data, which is not part of the project"
)
