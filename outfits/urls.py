"""The looks API; include it at the same prefix as `feedback.urls`."""

from django.urls import path

from outfits.api import LookView
from outfits.api_photos import PhotoPictureView, PhotosView, PhotoView
from outfits.api_why import AlternativesView, TrendView, WhyView

app_name = "ensemble_outfits"
urlpatterns = [
    path("looks/", LookView.as_view(), name="looks"),
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
