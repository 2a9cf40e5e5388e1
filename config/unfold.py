"""How the admin is laid out: one group a stage of the flow."""

from typing import Any

from django.urls import reverse_lazy


def _page(title: str, icon: str, model: str) -> dict[str, Any]:
    app, name = model.split(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:ensemble_{app}_{name}_changelist"),
        "permission": lambda request: request.user.has_perm(f"ensemble_{app}.view_{name}"),
    }


NAVIGATION = [
    {
        "title": "Catalog",
        "separator": True,
        "items": [
            _page("Products", "apparel", "catalog.product"),
            _page("Captions", "image_search", "catalog.caption"),
            _page("Feed imports", "upload_file", "catalog.feedimport"),
        ],
    },
    {
        "title": "Looks",
        "separator": True,
        "items": [
            _page("Looks", "styler", "outfits.look"),
            _page("Review", "rate_review", "feedback.lookreview"),
        ],
    },
    {
        "title": "Feedback",
        "separator": True,
        "items": [
            _page("Events", "thumbs_up_down", "feedback.feedbackevent"),
            _page("Preference pairs", "compare_arrows", "feedback.preferencepair"),
            _page("Lone thumbs", "thumb_up", "feedback.unpairedexample"),
        ],
    },
    {
        "title": "Stylist",
        "separator": True,
        "items": [
            _page("Training runs", "model_training", "training.trainingrun"),
            _page("Adapters", "extension", "outfits.adapter"),
            _page("Promotions", "history", "outfits.promotion"),
        ],
    },
]

UNFOLD = {
    "SITE_TITLE": "Ensemble",
    "SITE_HEADER": "Ensemble",
    "SITE_SUBHEADER": "Complete the look",
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SIDEBAR": {"show_search": True, "show_all_applications": True, "navigation": NAVIGATION},
    "DASHBOARD_CALLBACK": "config.dashboard.fill_dashboard",
}
