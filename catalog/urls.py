"""The feed API; include it at the same prefix as `outfits.urls`."""

from django.urls import path

from catalog.api import FeedImportView, FeedView

app_name = "ensemble_catalog"
urlpatterns = [
    path("feeds/<slug:name>/", FeedView.as_view(), name="feed"),
    path(
        "feeds/<slug:name>/imports/<int:import_id>/",
        FeedImportView.as_view(),
        name="feed-import",
    ),
]
