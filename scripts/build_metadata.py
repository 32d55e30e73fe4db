"""Gives the built package its dependencies from requirements/runtime.in, so that they are written once."""

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class RuntimeList(MetadataHookInterface):
    """Hatchling's hook: fills ``dependencies``."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Set ``metadata["dependencies"]`` to the requirement strings of runtime.in, comments left out."""
        lines = (Path(self.root) / "requirements" / "runtime.in").read_text("utf-8").splitlines()
        metadata["dependencies"] = [line for line in lines if line and not line.startswith("#")]
