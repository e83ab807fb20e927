"""Properties are not timed: a busy machine is no counterexample. With CI=true every run tries the same examples."""

from hypothesis import settings

from tests.not_run import strict

settings.register_profile("house", settings.get_profile("ci" if strict() else "default"), deadline=None)
settings.load_profile("house")
