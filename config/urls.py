"""The project's addresses."""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from config.media import serve_picture


def healthz(request: HttpRequest) -> JsonResponse:
    """Says that this process answers; asks neither the database nor the stylist."""
    return JsonResponse({"status": "ok"})


urlpatterns = [
    path("", include("config.shop.urls")),
    path("", include("outfits.page_urls")),
    path("", include("outfits.shoppers.urls")),
    path("", include("training.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("catalog.urls")),
    path("api/v1/", include("outfits.urls")),
    path("api/v1/", include("feedback.urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="api-schema"), name="api-docs"),
    path("healthz/", healthz, name="healthz"),
]
if settings.DEBUG:
    # In production, pictures come from the web server or the object store.
    prefix = settings.MEDIA_URL.lstrip("/")
    urlpatterns.append(path(f"{prefix}products/<path:name>", serve_picture))
