"""The page that says how feedback is used."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from training.feedback_use import read_feedback_use


@require_safe
def feedback_use(request: HttpRequest) -> HttpResponse:
    """How much was said, which stylist learned from it, when, and what changed."""
    return render(request, "ensemble/feedback_use.html", {"use": read_feedback_use()})
