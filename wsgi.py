"""For a WSGI server of one's own choice: `gunicorn wsgi:app`. Migrate first; run `intervention worker` beside it."""

import os

from intervention.app import create_app
from intervention.settings import Settings

app = create_app(Settings.from_env(os.environ))  # noqa: TID251 - handed over once, whole
