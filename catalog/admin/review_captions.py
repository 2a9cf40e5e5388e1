"""The review page: a person looks at doubtful captions, one picture after another."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.admin import ModelAdmin

from catalog import review
from catalog.caption_history import LABELS, read_history
from catalog.captioning.base import CAPTION_FIELDS
from catalog.models import PERSON, Caption, ProductImage
from catalog.review import ReviewFilter
from catalog.services import CorrectionRefused, caption_confirm, caption_correct, caption_undo
from catalog.services.caption_corrections import history_position
from catalog.serving import machine_caption, serving_caption

#: What the radio buttons of a field send; other values are the chosen text.
EMPTY, OTHER = "empty:", "other:"
_SKIPPED, _LAST, _CURRENT = (f"caption-review-{name}" for name in ("skipped", "last", "current"))
_MAX_SKIPPED = 500
_PRODUCTS_SHOWN = 3
_BADGE_MAX = 999


def draw_badge(request: HttpRequest) -> str:
    """How many doubtful captions wait, for the navigation."""
    if not _may_review(request):
        return ""
    waiting = review.count_open()
    return f"{_BADGE_MAX}+" if waiting > _BADGE_MAX else str(waiting or "")


def _may_review(request: HttpRequest) -> bool:
    return request.user.has_perm("ensemble_catalog.change_caption")


class CaptionReview(ModelAdmin):
    """What the admin of captions needs to show the review page."""

    def has_review_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return _may_review(request)

    def review_view(self, request: HttpRequest) -> HttpResponse:
        """One picture to look at, and what to do about it."""
        user = request.user
        if not _may_review(request) or not isinstance(user, User):
            raise PermissionDenied
        if request.method == "POST":
            return _act(request, user)
        chosen = ReviewFilter.read(request.GET.dict())
        named = request.GET.get("picture", "")
        caption = serving_caption(named) if named else self._take_next(request, user, chosen)
        if named and caption is None:
            raise Http404("There is no caption of such a picture; it may have been made anew.")
        context = {
            **self.admin_site.each_context(request),
            "title": "Review captions",
            "opts": self.opts,
            "filter": chosen,
            "query": urlencode(chosen.as_query()),
            "fields": LABELS,
            "known": review.list_known_values(),
            "reviewed": review.count_reviewed_today(user.pk),
            "left": _count_left(chosen),
            "skipped": len(request.session.get(_SKIPPED, [])),
            "last": request.session.get(_LAST),
            **(_describe(caption) if caption else {}),
        }
        return TemplateResponse(request, "ensemble/admin/caption_review.html", context)

    def _take_next(self, request: HttpRequest, user: User, chosen: ReviewFilter) -> Caption | None:
        caption = review.next_to_review(chosen, user.pk, request.session.get(_SKIPPED, []))
        before = request.session.get(_CURRENT, "")
        content_hash = caption.content_hash if caption else ""
        if before and before != content_hash:
            review.release_picture(before, user.pk)
        request.session[_CURRENT] = content_hash
        return caption


def _count_left(chosen: ReviewFilter) -> int:
    if chosen == ReviewFilter():
        return review.count_open()
    return review.captions_to_review(chosen).count()


def _describe(caption: Caption) -> dict[str, Any]:
    """What the page shows of one picture."""
    images = ProductImage.objects.filter(content_hash=caption.content_hash)
    shown = list(images.select_related("product").order_by("pk")[:_PRODUCTS_SHOWN])
    machine = machine_caption(caption.content_hash)
    return {
        "caption": caption,
        "machine": machine,
        "is_persons": caption.captioner_id == PERSON,
        "image": shown[0] if shown else None,
        "products": [image.product for image in shown],
        "choices": [
            review.list_choices(caption, machine, label, name) for name, label in LABELS.items()
        ],
        "seen": history_position(caption.content_hash),
        "history": read_history(caption.content_hash),
    }


def read_values(post: Mapping[str, str]) -> dict[str, str]:
    """Field -> text that a person chose or typed; typed text counts before a button."""
    values = {"sentence": post["sentence"]} if "sentence" in post else {}
    for name in CAPTION_FIELDS:
        typed, choice = post.get(f"{name}_other", "").strip(), post.get(name, "")
        if typed or choice:
            values[name] = typed or ("" if choice in (EMPTY, OTHER) else choice)
    return values


def _act(request: HttpRequest, user: User) -> HttpResponse:
    """Carry out one button; then on to the next picture, with the same filter."""
    query = ReviewFilter.read(request.GET.dict()).as_query()
    content_hash = request.POST.get("picture", "")
    deed = request.POST.get("action", "save")
    try:
        if deed == "undo":
            query |= _undo(request, user)
        elif deed == "skip":
            _skip(request, content_hash)
        elif deed == "again":
            request.session.pop(_SKIPPED, None)
        else:
            _save(request, user, content_hash, confirm=deed == "confirm")
    except CorrectionRefused as error:
        messages.error(request, str(error))
    review.release_picture(content_hash, user.pk)
    url = reverse("admin:ensemble_catalog_caption_review")
    return HttpResponseRedirect(f"{url}?{urlencode(query)}" if query else url)


def _save(request: HttpRequest, user: User, content_hash: str, *, confirm: bool) -> None:
    seen = request.POST.get("seen", "")
    position = int(seen) if seen.isdecimal() else None
    if confirm:
        caption = caption_confirm(content_hash=content_hash, user=user, seen=position)
    else:
        values = read_values(request.POST.dict())
        caption = caption_correct(
            content_hash=content_hash, values=values, user=user, seen=position
        )
    said = "Confirmed" if confirm else "Saved"
    request.session[_LAST] = {"picture": content_hash, "text": f"{said}: {caption.sentence}"}
    review.adjust_count(-1)


def _skip(request: HttpRequest, content_hash: str) -> None:
    """Leave a picture for later; for this session only."""
    skipped = [*request.session.get(_SKIPPED, []), content_hash]
    request.session[_SKIPPED] = skipped[-_MAX_SKIPPED:]
    request.session.pop(_LAST, None)


def _undo(request: HttpRequest, user: User) -> dict[str, str]:
    """Take the last deed back and show its picture again."""
    last = request.session.pop(_LAST, None)
    if last is None:
        return {}
    if caption_undo(content_hash=last["picture"], user=user):
        review.adjust_count(1)
    return {"picture": last["picture"]}
