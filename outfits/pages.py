"""The page of a shared look: rendered on the server, whole without JavaScript."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from outfits.models import Look
from outfits.selectors import shared_look
from outfits.serializers import LookSerializer, StoredLookQuerySerializer
from outfits.shared import check_pieces, present_shared
from outfits.shoppers.personal_looks import look_keep


@require_safe
def look_page(request: HttpRequest, look_id: UUID) -> HttpResponse:
    """A look as it was shared, with stand-ins for what has sold out; 404 where it is gone.

    A shop gives it its own frame by a template ``ensemble/base.html`` with the same blocks.
    """
    look = shared_look(look_id)
    if look is None:
        raise Http404("There is no such look any more.")
    pieces = _read_pieces(request, look)
    if not look.shared:
        look_keep(look_id=look.pk)
    shown = present_shared(look, pieces)
    data = LookSerializer(shown, context={"captions": shown.captions, "request": request}).data
    cards = [data["anchor"], *(item["product"] for item in data["items"])]
    pictures = [card["image"]["url"] for card in cards if card["image"]]
    page = {
        "look": data,
        "sold_out": sum(not card["available"] for card in cards),
        "stand_ins": sum(item["stand_in"] for item in data["items"]),
        "left_out": shown.left_out,
        "picture": request.build_absolute_uri(pictures[0]) if pictures else "",
        "address": data["share_url"],
        "language": get_language() or "en",
    }
    answer = render(request, "ensemble/look.html", page)
    # Whoever has the address may see it; nobody is meant to find it.
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _read_pieces(request: HttpRequest, look: Look) -> list[str]:
    """What an address says that is shown of a look. Raises `Http404` for what was never offered."""
    asked = StoredLookQuerySerializer(data=request.GET)
    if not asked.is_valid():
        raise Http404("Nothing like that can be shown.")
    pieces: list[str] = asked.validated_data["piece"]
    try:
        check_pieces(look, pieces, since_deleted=True)
    except ValueError as error:
        raise Http404(str(error)) from error
    return pieces
