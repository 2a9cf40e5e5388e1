"""The demo shop's addresses; `ENSEMBLE["PRODUCT_URL"]` names the second."""

from django.urls import path

from config.shop import views

app_name = "shop"
urlpatterns = [
    path("", views.listing, name="listing"),
    # A SKU may hold slashes: it is whatever the feed says it is.
    path("shop/<path:sku>/", views.product, name="product"),
]
