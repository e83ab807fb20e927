"""`python -m benchmarks [ONLY]`: side by side, ratio first.

A benchmark is a module of this package with a `TITLE` and a `run()` that gives `measure.Row` values.
"""

import pkgutil
import sys
from importlib import import_module

import benchmarks
from benchmarks.measure import table


def main(only: str | None) -> int:
    found = [module.name for module in pkgutil.iter_modules(benchmarks.__path__)]
    modules = [import_module(f"benchmarks.{name}") for name in found if name != "__main__" and only in (None, name)]
    runnable = [module for module in modules if hasattr(module, "run")]
    if not runnable:
        print(f"No benchmark is named {only}; there are: {', '.join(found)}")
        return 2
    for module in runnable:
        print(f"\n{module.TITLE}\n\n{table(module.run())}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else None))
