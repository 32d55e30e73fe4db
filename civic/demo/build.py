"""Puts the demo together: cast, crowd, everyday life and the stories, played from the first day to today."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

from civic import clock, db
from civic.db.migrations import migrate
from civic.demo import crowd, everyday
from civic.demo.cast import ACCOUNTS, DOMAIN, Cast
from civic.demo.stage import Stage, play
from civic.demo.stories import (
    agreements,
    lifts,
    meeting,
    open_days,
    round_table,
    school_street,
    terrace,
    turned_down,
    votes,
    waiting,
)

Progress = Callable[[int, int], None]


async def build(folder: Path, progress: Progress = lambda done, of: None) -> dict[str, object]:
    """Build into the data folder of the settings, and leave ``demo.json``: who can sign in, and when it was made."""
    await migrate()
    await db.start()
    try:
        stage = Stage(clock.now())
        cast = Cast(stage, password=token_hex(6))
        scenes = [
            *cast.scenes(),
            *crowd.scenes(stage),
            *everyday.scenes(stage),
            *school_street.scenes(stage),
            *lifts.scenes(stage),
            *turned_down.scenes(stage),
            *terrace.scenes(stage),
            *votes.scenes(stage),
            *open_days.scenes(stage),
            *meeting.scenes(stage),
            *round_table.scenes(stage),
            *agreements.scenes(stage),
            *waiting.scenes(stage, cast),
        ]
        async with db.hurried():
            await play(stage, scenes, progress)
    finally:
        await db.stop()
    about: dict[str, object] = {
        "built": stage.now.isoformat(),
        "password": cast.password,
        "accounts": [
            {"key": r.key, "email": f"{r.key}@{DOMAIN}", "name": r.name, "says": r.says, "says_en": r.says_en}
            for r in ACCOUNTS
        ],
    }
    (folder / "demo.json").write_text(json.dumps(about, ensure_ascii=False, indent=1), "utf-8")
    return about
