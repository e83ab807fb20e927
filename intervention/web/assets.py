"""Static files under an address that holds their own hash, so that browsers may keep them for ever.

Style sheets are joined once at start in the order of `layers.css`; everything else is served as it lies. There is no
build step: what is read in the repository is what the browser shows.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for

STATIC = Path(__file__).parents[1] / "static"
SITE_CSS = "site.css"
_KEY = "intervention.assets"
_TEXT = {".css", ".js", ".svg", ".json", ".txt"}

pages = Blueprint("assets", __name__)


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    gzipped: bytes | None
    content_type: str


@dataclass(frozen=True, slots=True)
class Assets:
    version: str
    files: dict[str, Asset]


def load(root: Path = STATIC) -> Assets:
    """Every file under `root`, the style sheets joined as `site.css`; the version is a hash of all of it."""
    bodies = {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}
    sheets = sorted((name for name in bodies if name.startswith("css/")), key=_sheet_order)
    joined = b"\n".join(bodies.pop(name) for name in sheets)
    bodies[SITE_CSS] = joined
    digest = hashlib.sha256()
    for name, body in sorted(bodies.items()):
        digest.update(name.encode() + b"\0" + body + b"\0")
    return Assets(digest.hexdigest()[:12], {name: _asset(name, body) for name, body in bodies.items()})


def _sheet_order(name: str) -> tuple[int, str]:
    folders = ("css/layers.css", "css/parts/", "css/pages/")
    if name == folders[0]:
        return 0, name
    return (2 if name.startswith(folders[1]) else 3 if name.startswith(folders[2]) else 1), name


def _asset(name: str, body: bytes) -> Asset:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    is_text = Path(name).suffix in _TEXT
    return Asset(
        body,
        gzip.compress(body, mtime=0) if is_text and len(body) > 1000 else None,
        f"{kind}; charset=utf-8" if is_text else kind,
    )


def install(app: Flask) -> None:
    app.extensions[_KEY] = load()
    app.register_blueprint(pages)
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a static file; a name that does not exist fails the page, hence its test."""
    assets = cast("Assets", current_app.extensions[_KEY])
    if name not in assets.files:
        raise LookupError(name)
    return url_for("assets.file", version=assets.version, name=name)


@pages.get("/static/<version>/<path:name>")
def file(version: str, name: str) -> Response:
    assets = cast("Assets", current_app.extensions[_KEY])
    found = assets.files.get(name)
    if found is None:
        abort(404)
    wants_gzip = found.gzipped is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(found.gzipped if wants_gzip else found.body, content_type=found.content_type)
    if wants_gzip:
        response.headers["Content-Encoding"] = "gzip"
    if found.gzipped is not None:
        response.headers["Vary"] = "Accept-Encoding"
    # A page kept open across an upgrade asks for an old version: it gets today's file, but must not keep it.
    kept = "public, max-age=31536000, immutable" if version == assets.version else "no-store"
    response.headers["Cache-Control"] = kept
    return response
