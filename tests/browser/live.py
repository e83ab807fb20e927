"""The product on a loopback port for a real browser: the cast's world, a clock that stands, one-click sign-in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from intervention.app import create_app
from intervention.domain.clock import Clock
from intervention.records.database import Database
from intervention.settings import Settings

KEY = "a key of browser tests, long enough everywhere"


class Quiet(WSGIRequestHandler):
    """The browser's requests are not worth a line each."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


@contextmanager
def served(database: Database, clock: Clock) -> Iterator[tuple[str, Flask]]:
    """The address and the application, until the block ends."""
    settings = Settings.from_env({"SECRET_KEY": KEY, "DEMO": "1", "PORT": "0"})
    app = create_app(settings, database, clock)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    address = f"http://127.0.0.1:{server.server_port}"
    _tell_address(app, replace(settings, base_url=address))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield address, app
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _tell_address(app: Flask, settings: Settings) -> None:
    """The port is known only once the server listens."""
    app.extensions["intervention.stage"] = replace(app.extensions["intervention.stage"], settings=settings)
