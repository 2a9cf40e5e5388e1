"""The shopper's own pages, which need no JavaScript: the style quiz, and what is known of them."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog import conf
from outfits.models import ProfileFact, Shopper
from outfits.photos.pages import show_photos
from outfits.shoppers.api import write_taste
from outfits.shoppers.catalog_words import fact_choices
from outfits.shoppers.consent import (
    ConsentMissing,
    export_shopper,
    find_consenting,
    find_shopper,
    shopper_consent,
    shopper_erase,
)
from outfits.shoppers.deeds import deed_delete, deed_restore, show_deeds
from outfits.shoppers.facts import Stance, read_fact
from outfits.shoppers.identity import ask_hook
from outfits.shoppers.profile import (
    fact_allow,
    fact_correct,
    fact_delete,
    fact_restore,
    fact_say,
    look_unsave,
    quiz_answer,
    region_say,
)
from outfits.shoppers.profile_page import (
    NOTICES,
    say_fact,
    show_facts,
    show_forgotten,
    show_saved_looks,
)
from outfits.shoppers.quiz import Answers, build_quiz, read_answers

_View = Callable[..., HttpResponse]


def _only_consenting(view: _View) -> _View:
    """Send whoever did not agree to be remembered (any more) to the page that asks."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        shopper = find_consenting(ask_hook(request))
        try:
            return view(request, shopper, *args, **kwargs) if shopper else _to_profile()
        except ConsentMissing:
            return _to_profile()

    return guarded


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def style_quiz(request: HttpRequest) -> HttpResponse:
    """Ask; store the answers of whoever agrees to it, and show theirs to the others."""
    shop_id = ask_hook(request)
    if request.method != "POST":
        return _show_quiz(request, shop_id)
    names = [name for name in request.POST if name not in ("csrfmiddlewaretoken", "remember")]
    try:
        answers = read_answers({name: request.POST.getlist(name) for name in names})
    except ValueError as error:
        return _show_quiz(request, shop_id, problem=str(error))
    if shop_id and request.POST.get("remember"):
        shopper_consent(shop_id=shop_id, granted=True)
    try:
        quiz_answer(shopper=find_consenting(shop_id), facts=answers.facts, kinds=answers.kinds)
    except ConsentMissing:
        return _show_answers(request, answers)
    return _to_profile("quiz")


@never_cache
@require_safe
def my_style(request: HttpRequest) -> HttpResponse:
    """Everything that is known of whoever opens it."""
    return _show_profile(request)


@never_cache
@require_POST
def consent(request: HttpRequest) -> HttpResponse:
    """Agree to be remembered; withdrawing is `erase`'s, because it erases."""
    shop_id = ask_hook(request)
    if shop_id:
        shopper_consent(shop_id=shop_id, granted=True)
    return _to_profile("granted" if shop_id else "")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, *, withdraw: bool) -> HttpResponse:
    """Ask once more, then erase everything, or all but that consent was withdrawn."""
    shop_id = ask_hook(request)
    shopper = find_shopper(shop_id)
    if shopper is None:
        return _to_profile()
    if request.method != "POST":
        return render(request, "ensemble/shopper/erase.html", {"withdraw": withdraw})
    if withdraw:
        shopper_consent(shop_id=shop_id, granted=False)
    else:
        shopper_erase(shop_id=shop_id)
    return _to_profile("withdrawn" if withdraw else "erased")


@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is stored, as a file."""
    shop_id = ask_hook(request)
    if not shop_id:
        return _to_profile()
    answer = JsonResponse(
        export_shopper(shop_id), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    answer["Content-Disposition"] = 'attachment; filename="my-style.json"'
    return answer


@require_POST
@_only_consenting
def add_fact(request: HttpRequest, shopper: Shopper) -> HttpResponse:
    """Store what a shopper says."""
    kind, _, value = request.POST.get("subject", "").partition("=")
    try:
        said = read_fact(kind, request.POST.get("value") or value, request.POST.get("stance", ""))
        fact_say(shopper=shopper, fact=said)
    except ValueError as error:
        return _show_profile(request, problem=str(error))
    return _to_profile("added")


@require_POST
@_only_consenting
def change_fact(request: HttpRequest, shopper: Shopper, fact_id: int) -> HttpResponse:
    """Correct or delete one fact; a deletion is answered with a way back."""
    fact = shopper.facts.filter(pk=fact_id).select_related("shopper").first()
    if fact is None:
        return _to_profile()
    if "delete" in request.POST:
        word = say_fact(fact)
        return _show_profile(request, undo=fact_delete(fact=fact), deleted=word)
    value, stance = request.POST.get("value", fact.value), request.POST.get("stance", Stance.LIKE)
    try:
        fact_correct(fact=fact, value=value, stance=stance)
    except ValueError as error:
        return _show_profile(request, problem=str(error))
    return _to_profile("changed")


@require_POST
@_only_consenting
def undo_delete(request: HttpRequest, shopper: Shopper) -> HttpResponse:
    """Bring back what was deleted a moment ago."""
    try:
        fact_restore(shopper=shopper, undo=request.POST.get("undo", ""))
    except ValueError as error:
        return _show_profile(request, problem=str(error))
    return _to_profile("restored")


@require_POST
@_only_consenting
def allow_fact(request: HttpRequest, shopper: Shopper, forgotten_id: int) -> HttpResponse:
    """Let what a shopper told us to forget be learned again."""
    fact_allow(shopper=shopper, forgotten_id=forgotten_id)
    return _to_profile("allowed")


@require_POST
@_only_consenting
def remove_deed(request: HttpRequest, shopper: Shopper, kind: str) -> HttpResponse:
    """Take back something that a shopper did; answered with a way back."""
    taken = deed_delete(shopper=shopper, kind=kind, key=request.POST.get("key", ""))
    if taken is None:
        return _to_profile()
    deed, undo = taken
    return _show_profile(request, undo=undo, undo_at="undo-deed", deleted=deed.name)


@require_POST
@_only_consenting
def undo_deed(request: HttpRequest, shopper: Shopper) -> HttpResponse:
    """Bring back what was taken back a moment ago."""
    try:
        deed_restore(shopper=shopper, undo=request.POST.get("undo", ""))
    except ValueError as error:
        return _show_profile(request, problem=str(error))
    return _to_profile("restored")


@require_POST
@_only_consenting
def change_region(request: HttpRequest, shopper: Shopper) -> HttpResponse:
    """Correct where a shopper is, or forget it."""
    region = "" if "delete" in request.POST else request.POST.get("region", "")
    try:
        region_say(shopper=shopper, region=region)
    except ValueError as error:
        return _show_profile(request, problem=str(error))
    return _to_profile("changed" if region.strip() else "placeless")


@require_POST
@_only_consenting
def remove_look(request: HttpRequest, shopper: Shopper, look_id: uuid.UUID) -> HttpResponse:
    """Keep a look no longer."""
    look_unsave(shopper=shopper, look_id=look_id)
    return _to_profile("removed")


def _to_profile(done: str = "") -> HttpResponseRedirect:
    address = reverse("ensemble_shopper:my-style")
    return redirect(f"{address}?done={done}" if done else address)


def _show_quiz(request: HttpRequest, shop_id: str, problem: str = "") -> HttpResponse:
    gender = request.GET.get("for", "")
    shown = {
        "questions": build_quiz(gender),
        "gender": gender,
        "known": bool(shop_id),
        "consenting": find_consenting(shop_id) is not None,
        "problem": problem,
    }
    status = 400 if problem else 200
    return render(request, "ensemble/shopper/style_quiz.html", shown, status=status)


def _show_answers(request: HttpRequest, answers: Answers) -> HttpResponse:
    rows = [ProfileFact(kind=f.kind, value=f.value, stance=f.stance) for f in answers.facts]
    shown = {"facts": show_facts(rows), "taste": write_taste(answers)}
    return render(request, "ensemble/shopper/style_quiz_done.html", shown)


def _show_profile(
    request: HttpRequest,
    *,
    problem: str = "",
    undo: str = "",
    undo_at: str = "undo-delete",
    deleted: str = "",
) -> HttpResponse:
    shop_id = ask_hook(request)
    shopper = find_shopper(shop_id)
    consenting = shopper is not None and shopper.consent == Shopper.Consent.GRANTED
    shown = {
        "known": bool(shop_id),
        "shopper": shopper,
        "consenting": consenting,
        "facts": show_facts(shopper.facts.all()) if shopper else [],
        "forgotten": show_forgotten(shopper) if shopper else [],
        "looks": show_saved_looks(shopper) if shopper else [],
        "deeds": show_deeds(shopper) if shopper else [],
        "photos": show_photos(shopper) if shopper else [],
        "choices": fact_choices() if consenting else [],
        "stances": Stance.choices,
        "notice": NOTICES.get(request.GET.get("done", ""), "") if shop_id else "",
        "problem": problem,
        "undo": undo,
        # Any key that is taken will do: the page asks its own server.
        "key": next(iter(conf.current().PUBLISHABLE_KEYS), ""),
        "undo_at": reverse(f"ensemble_shopper:{undo_at}"),
        "deleted": deleted,
    }
    status = 400 if problem else 200
    return render(request, "ensemble/shopper/my_style.html", shown, status=status)
