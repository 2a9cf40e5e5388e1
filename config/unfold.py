"""How the admin is laid out: one group a stage of the flow."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.module_loading import import_string


def _page(title: str, icon: str, model: str) -> dict[str, Any]:
    app, name = model.split(".")
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:ensemble_{app}_{name}_changelist"),
        "permission": lambda request: request.user.has_perm(f"ensemble_{app}.view_{name}"),
    }


NAVIGATION: list[dict[str, Any]] = [
    {
        "title": "Catalog",
        "separator": True,
        "items": [
            _page("Products", "apparel", "catalog.product"),
            _page("Captions", "image_search", "catalog.caption"),
            {
                "title": "Review captions",
                "icon": "spellcheck",
                "link": reverse_lazy("admin:ensemble_catalog_caption_review"),
                "permission": lambda request: request.user.has_perm(
                    "ensemble_catalog.change_caption"
                ),
                "count": "catalog.admin.review_captions.draw_badge",
            },
            _page("Caption runs", "autorenew", "catalog.captionrun"),
            _page("Feeds", "rss_feed", "catalog.feedsource"),
            _page("Feed imports", "upload_file", "catalog.feedimport"),
            _page("Fetched pictures", "cloud_download", "catalog.remotepicture"),
            {
                **_page("Data quality", "fact_check", "catalog.qualityfinding"),
                "count": "catalog.admin.quality.badge_count",
            },
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
        "title": "Merchandising",
        "separator": True,
        "items": [
            _page("Trends", "trending_up", "outfits.trend"),
            _page("Events", "event", "outfits.event"),
            _page("Rules", "rule", "outfits.rule"),
            _page("Regional taste", "public", "outfits.regionaltaste"),
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
        "title": "Privacy",
        "separator": True,
        "items": [_page("Shoppers", "person_search", "outfits.shopper")],
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


def list_navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """`NAVIGATION` with a badge where something waits; Unfold draws empty ones as well."""
    return [
        {**group, "items": [_add_badge(item, request) for item in group["items"]]}
        for group in NAVIGATION
    ]


def _add_badge(item: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    shown = {key: value for key, value in item.items() if key != "count"}
    may_see = "count" in item and item["permission"](request)
    count = import_string(item["count"])(request) if may_see else ""
    return {**shown, "badge": count} if count else shown


UNFOLD = {
    "SITE_TITLE": "Ensemble",
    "SITE_HEADER": "Ensemble",
    "SITE_SUBHEADER": "Complete the look",
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": True,
        "navigation": "config.unfold.list_navigation",
    },
    "DASHBOARD_CALLBACK": "config.dashboard.fill_dashboard",
}
