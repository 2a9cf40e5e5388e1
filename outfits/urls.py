"""The looks API; include it at the same prefix as `feedback.urls`."""

from django.urls import include, path

from outfits.api import KeptLookView, LookView, StoredLookView
from outfits.photos.api import KeptPhotosView, PhotoPictureView, PhotosView, PhotoView
from outfits.shoppers.api import (
    ConsentView,
    EventsView,
    ExportView,
    FactsView,
    FactView,
    ForgottenFactView,
    QuizView,
    SavedLooksView,
    SavedLookView,
    ShopperView,
)
from outfits.why.api import AlternativesView, TrendView, WhyView

app_name = "ensemble_outfits"
shopper_urlpatterns = [
    path("", ShopperView.as_view(), name="shopper"),
    path("export/", ExportView.as_view(), name="shopper-export"),
    path("consent/", ConsentView.as_view(), name="shopper-consent"),
    path("facts/", FactsView.as_view(), name="shopper-facts"),
    path("facts/<int:fact_id>/", FactView.as_view(), name="shopper-fact"),
    path("forgotten/<int:forgotten_id>/", ForgottenFactView.as_view(), name="shopper-forgotten"),
    path("events/", EventsView.as_view(), name="shopper-events"),
    path("quiz/", QuizView.as_view(), name="shopper-quiz"),
    path("looks/", SavedLooksView.as_view(), name="shopper-looks"),
    path("looks/<uuid:look_id>/", SavedLookView.as_view(), name="shopper-look"),
    path("photos/", KeptPhotosView.as_view(), name="shopper-photos"),
]
urlpatterns = [
    path("looks/", LookView.as_view(), name="looks"),
    path("looks/<uuid:look_id>/", StoredLookView.as_view(), name="look"),
    path("looks/<uuid:look_id>/keep/", KeptLookView.as_view(), name="look-keep"),
    path("shopper/", include(shopper_urlpatterns)),
    path("looks/<uuid:look_id>/items/<int:item_id>/why/", WhyView.as_view(), name="why"),
    path(
        "looks/<uuid:look_id>/items/<int:item_id>/alternatives/",
        AlternativesView.as_view(),
        name="alternatives",
    ),
    path("photos/", PhotosView.as_view(), name="photos"),
    path("photos/<uuid:photo_id>/", PhotoView.as_view(), name="photo"),
    path("photos/<uuid:photo_id>/picture/", PhotoPictureView.as_view(), name="photo-picture"),
    path("trends/", TrendView.as_view(), name="trends"),
]
