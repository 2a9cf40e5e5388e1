"""The shopper's own pages; include them wherever the shop has its pages."""

from django.urls import path

from outfits.photos.pages import remove_photo
from outfits.shoppers import pages

app_name = "ensemble_shopper"
urlpatterns = [
    path("style-quiz/", pages.style_quiz, name="style-quiz"),
    path("my-style/", pages.my_style, name="my-style"),
    path("my-style/consent/", pages.consent, name="consent"),
    path("my-style/withdraw/", pages.erase, {"withdraw": True}, name="withdraw"),
    path("my-style/erase/", pages.erase, {"withdraw": False}, name="erase"),
    path("my-style/export/", pages.export, name="export"),
    path("my-style/facts/", pages.add_fact, name="add-fact"),
    path("my-style/facts/undo/", pages.undo_delete, name="undo-delete"),
    path("my-style/facts/<int:fact_id>/", pages.change_fact, name="change-fact"),
    path("my-style/deeds/undo/", pages.undo_deed, name="undo-deed"),
    path("my-style/deeds/<slug:kind>/", pages.remove_deed, name="remove-deed"),
    path("my-style/region/", pages.change_region, name="change-region"),
    path("my-style/forgotten/<int:forgotten_id>/", pages.allow_fact, name="allow-fact"),
    path("my-style/looks/<uuid:look_id>/remove/", pages.remove_look, name="remove-look"),
    path("my-style/photos/<uuid:photo_id>/remove/", remove_photo, name="remove-photo"),
]
