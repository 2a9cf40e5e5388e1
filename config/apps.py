from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "config"
    label = "ensemble_project"
    verbose_name = "Ensemble project"
