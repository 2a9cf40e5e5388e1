"""The pages of shared looks; include them wherever a shop wants them, at the root as a rule."""

from django.urls import path

from outfits.pages import look_page

app_name = "ensemble_pages"
urlpatterns = [path("looks/<uuid:look_id>/", look_page, name="look")]
