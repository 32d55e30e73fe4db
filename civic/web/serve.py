"""Runs the application with uvicorn."""

from __future__ import annotations

import uvicorn


def serve(host: str = "127.0.0.1", port: int = 8000, workers: int = 1) -> None:
    """Serve until the process is told to end. More than one worker needs PostgreSQL."""
    uvicorn.run(
        "civic.app:create_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        http="civic.web.wire:Protocol",
        ws="websockets-sansio",
        ws_max_size=64 * 1024,
        access_log=False,
        server_header=False,
        log_level="warning",
        log_config=None,  # civic.web.logs has one form for all
        timeout_graceful_shutdown=8,
    )
