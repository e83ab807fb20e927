"""What operators and their machines ask: is the process up, can it serve, and what does it measure."""

from __future__ import annotations

import hmac
import time
from datetime import datetime

from flask import Blueprint, Flask, abort, current_app, g, jsonify, request
from flask import Response as FlaskResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from intervention.records import migrate
from intervention.records.outbox import WorkerBeat
from intervention.settings import is_loopback
from intervention.usecases.outbox import state_of
from intervention.usecases.work import Work
from intervention.web.stage import reading, stage

pages = Blueprint("health", __name__)
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """One registry per application, so that two in one process (tests) do not share their counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.seconds = Histogram(
            "intervention_request_seconds", "Time to answer, by route", labels, registry=self.registry, buckets=BUCKETS
        )
        self.refusals = Counter(
            "intervention_refusals", "Answers 4xx and 5xx, by route", labels, registry=self.registry
        )
        self.due = Gauge("intervention_outbox_due", "Effects waiting for a worker", registry=self.registry)
        self.dead = Gauge("intervention_outbox_dead", "Effects given up after many tries", registry=self.registry)
        self.worker_age = Gauge("intervention_worker_age_seconds", "Since a worker last looked", registry=self.registry)


def install(app: Flask) -> None:
    app.extensions["intervention.metrics"] = Metrics()
    app.before_request(_start)
    app.after_request(_measure)
    app.register_blueprint(pages)


def _metrics() -> Metrics:
    metrics: Metrics = current_app.extensions["intervention.metrics"]
    return metrics


def _start() -> None:
    g.started = time.perf_counter()


def _measure(response: FlaskResponse) -> FlaskResponse:
    """Routes are counted by their template, never by their path: a path holds ids."""
    route = request.url_rule.rule if request.url_rule else "unknown"
    labels = (request.method, route, str(response.status_code))
    if "started" in g:
        _metrics().seconds.labels(*labels).observe(time.perf_counter() - g.started)
    if response.status_code >= 400:
        _metrics().refusals.labels(*labels).inc()
    return response


@pages.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok")


@pages.get("/readyz")
def readyz() -> tuple[Response, int]:
    """200 when the database answers at the newest migration. The worker's age is told; it is no reason to refuse."""
    try:
        state = {
            "database": "ok",
            "migrations": "ok" if migrate.current(stage().database) == migrate.head() else "behind",
            "worker_age_seconds": worker_age(),
        }
    except SQLAlchemyError:
        state = {"database": "unreachable", "migrations": "unknown", "worker_age_seconds": None}
    is_ready = state["database"] == "ok" and state["migrations"] == "ok"
    return jsonify(status="ok" if is_ready else "not ready", **state), 200 if is_ready else 503


@pages.get("/metrics")
def metrics() -> Response:
    """Prometheus text, for loopback or the bearer of METRICS_TOKEN; others hear that there is nothing here."""
    token = stage().settings.metrics_token.reveal()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    allowed = hmac.compare_digest(given.encode(), token.encode()) if token else is_loopback(request.remote_addr)
    if not allowed:
        abort(404)
    ours = _metrics()
    age = worker_age()
    ours.worker_age.set(-1 if age is None else age)
    queue = state_of(Work(reading(), stage().clock))
    ours.due.set(queue.due)
    ours.dead.set(queue.dead)
    return Response(generate_latest(ours.registry), content_type=CONTENT_TYPE_LATEST)


def worker_age() -> int | None:
    """Seconds since a worker last looked at the outbox; None when none ever did."""
    beat: datetime | None = reading().scalar(select(func.max(WorkerBeat.beat_at)))
    return None if beat is None else int((stage().clock.now() - beat).total_seconds())
