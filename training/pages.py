"""The page that says how feedback is used."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from training.feedback_use import read_feedback_use

_KEY = "ensemble:feedback-use"
#: For so long the page shows the same figures.
_SECONDS = 300


@require_safe
def feedback_use(request: HttpRequest) -> HttpResponse:
    """How much was said, which stylist learned from it, when, and what changed."""
    # Anybody may open it, and the more was said, the more there is to count.
    use = cache.get_or_set(_KEY, read_feedback_use, _SECONDS)
    return render(request, "ensemble/feedback_use.html", {"use": use})
