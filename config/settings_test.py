"""Settings of the test suite, with embedded servers of its own, apart from any demo's."""

import atexit
import os
import shutil
import tempfile

# Each process of `pytest -n` inherits the environment of the first, and wants servers of its own:
# in a cache that they shared, they would see each other's answers and queues.
if "ENSEMBLE_VAR" not in os.environ or "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["ENSEMBLE_VAR"] = tempfile.mkdtemp(prefix="ensemble-test-")
    # Registered before the servers' own exits, so that it runs after them.
    atexit.register(shutil.rmtree, os.environ["ENSEMBLE_VAR"], ignore_errors=True)
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0" * 50)
os.environ.setdefault("LOG_FORMAT", "console")

from config import embedded

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.pop("REDIS_URL", None)
    if embedded.is_embedded():
        del os.environ["DATABASE_URL"]
embedded.start_services()

from config.settings import *  # noqa: E402, F403
from config.settings import ENSEMBLE, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
SECURE_SSL_REDIRECT = False
# What a test changes around the models is to be seen at once.
ENSEMBLE = {**ENSEMBLE, "LOOK_CACHE_SECONDS": 0}
