"""A file that is examined on a page, then applied with the same file.

What it holds travels once in each sending and is kept nowhere between the two: the page carries a digest of it.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import request

from intervention.domain.csv_table import MAX_BYTES
from intervention.web.gate import current_actor
from intervention.web.parse import Form
from intervention.web.stage import stage


def sent_file(form: Form) -> bytes:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.fail("file", "required")
        return b""
    content: bytes = sent.read(MAX_BYTES + 1)
    return content


def examined_file(form: Form) -> bytes:
    """The file, sent again: at fault when it is another than the one that was examined."""
    content = sent_file(form)
    if content and not hmac.compare_digest(form.value("examined").encode(), digest_of(content).encode()):
        form.fail("file", "not_the_examined_file")
    return content


def digest_of(content: bytes) -> str:
    """Keyed and of this board, so that a page cannot claim that a file was examined."""
    key = stage().settings.secret_key.reveal().encode()
    return hmac.new(key, current_actor().organization_id.bytes + content, hashlib.sha256).hexdigest()
