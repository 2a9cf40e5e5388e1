"""The looks API; include it at the same prefix as `feedback.urls`."""

from django.urls import path

from outfits.api import LookView, StoredLookView

app_name = "ensemble_outfits"
urlpatterns = [
    path("looks/", LookView.as_view(), name="looks"),
    path("looks/<uuid:look_id>/", StoredLookView.as_view(), name="look"),
]
