"""Servers forked from a process that has the platform imported: starting anew costs seconds of imports each time.

The forked process is a server like any other: it has its own settings, connections, log and signals.
"""

from __future__ import annotations

import gc
import os
import random
import sys
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from civic import cli, i18n, schema
from civic.app import COLLECTED
from civic.paths import templates
from civic.settings import settings
from civic.web.pages.routing import Routes
from tests.support.passwords import cheaply
from tests.support.server import ROOT


def fork(arguments: list[str], environment: dict[str, str], log: Path) -> BaseProcess:
    """``civic`` with these arguments as a process; all it says goes to ``log``."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["civic.app", __name__])
    # The process that is forked from is started by the first call, and finds the project by this.
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT)
    try:
        process = context.Process(target=run, args=(arguments, environment, log), daemon=True)
        process.start()
    finally:
        if before is None:
            del os.environ["PYTHONPATH"]
        else:
            os.environ["PYTHONPATH"] = before
    return process


def run(arguments: list[str], environment: dict[str, str], log: Path) -> None:
    """What the forked process does; ends it."""
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    settings.cache_clear()
    random.seed()
    sys.argv = ["civic", *arguments]
    cli.main()


# The process that is forked from imports this module, and has what takes longest to make: documents and texts.
for page in Routes(templates()).pages():
    if page.document.is_file():
        schema.engine().document(page.document.read_text("utf-8"))
i18n.translate("", "zh-Hans")
cheaply()
# What the others share with it is not gone through, as in any process that serves.
gc.collect()
gc.freeze()
gc.set_threshold(*COLLECTED)
