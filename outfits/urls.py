"""The looks API; include it at the same prefix as `feedback.urls`."""

from django.urls import path

from outfits.api import LookView
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
    path("trends/", TrendView.as_view(), name="trends"),
]
