import os

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "config"
    label = "ensemble_project"
    verbose_name = "Ensemble project"

    def ready(self) -> None:
        # Shared tasks are sent through the app that was made last. A command without services has
        # no addresses in its environment, sends nothing and must not start any.
        if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
            from config import celery  # noqa: F401
