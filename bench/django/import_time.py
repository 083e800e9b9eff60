"""What `innkeeper` adds to a Django process's start: CPU time, the best of some runs, each in a process of its own.

    build/python/env/bin/python bench/django/import_time.py [RUNS]

`import innkeeper`, then loading the app (models, checks, extension) and its middleware and engine, on top of a site
with auth and contenttypes; beside it the same of django.contrib.sessions. Exits with 1 beyond the limit of 50 ms.
Which module costs what: `python -X importtime -c "import innkeeper._engine"`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LIMIT = 0.050  # seconds
SOURCES = Path(__file__).resolve().parents[2] / "python" / "src"

# The base of a site is loaded first; what is timed is what each app does on top of it.
LOAD = """
import time
from importlib import import_module
import django
from django.apps import AppConfig, apps
from django.conf import settings
settings.configure(
    SECRET_KEY="k" * 50,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "{app}"],
    DATABASES={{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}},
    USE_TZ=True,
)
spent = 0.0
def timed(work, *arguments):
    global spent
    began = time.process_time()
    work(*arguments)
    spent += time.process_time() - began
def only_ours(name):
    real = getattr(AppConfig, name)
    def method(self):
        timed(real, self) if self.name == "{app}" else real(self)
    setattr(AppConfig, name, method)
import django.core.checks, django.template.engine, django.db.models  # any site has them
only_ours("import_models")
timed(import_module, "{app}")
package = spent
config = AppConfig.create("{app}")
config.__class__.ready = lambda self, real=config.__class__.ready: timed(real, self)
django.setup()
for name in ("middleware", "backends.cached_db"):
    timed(import_module, f"{app}.{{name}}")
print(package, spent)
"""
APPS = ("django.contrib.sessions", "innkeeper")


def cost(app: str) -> tuple[float, float]:
    """Seconds of CPU: `import app`, and that with models, start, middleware and engine."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    command = [sys.executable, "-c", LOAD.format(app=app)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    package, spent = map(float, done.stdout.split())
    return package, spent


def best(app: str, runs: int) -> tuple[float, float]:
    cost(app)  # compiles what has no .pyc yet
    packages, loads = zip(*(cost(app) for _ in range(runs)))
    return min(packages), min(loads)


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    for app in APPS:
        package, loading = best(app, runs)
        print(f"{app}: import {package * 1000:.1f} ms, with loading {loading * 1000:.1f} ms")
    print(f"the limit is {LIMIT * 1000:.0f} ms")
    return 1 if loading > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
