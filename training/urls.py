"""The page that says how feedback is used; include it wherever the shop has its pages."""

from django.urls import path

from training.pages import feedback_use

app_name = "ensemble_training"
urlpatterns = [path("how-feedback-is-used/", feedback_use, name="feedback-use")]
