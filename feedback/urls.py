"""The feedback API; include it at the same prefix as `outfits.urls`."""

from django.urls import path

from feedback.api import FeedbackEventView, LookFeedbackView

app_name = "ensemble_feedback"
urlpatterns = [
    path("looks/<uuid:look_id>/feedback/", LookFeedbackView.as_view(), name="feedback"),
    path(
        "looks/<uuid:look_id>/feedback/<uuid:event_id>/",
        FeedbackEventView.as_view(),
        name="feedback-event",
    ),
]
