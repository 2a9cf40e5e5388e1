"""The review page: the most doubtful picture first, one to a reviewer, and every deed undone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog import review
from catalog.admin.review_captions import draw_badge, read_values
from catalog.models import PERSON, Caption
from catalog.review import ReviewFilter, captions_to_review, claim_picture, next_to_review
from catalog.services import caption_confirm, caption_correct
from tests.factories import make_caption, make_image, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def make_doubtful(doubt: float = 0.6, **fields: Any) -> Caption:
    """A caption whose captioner was not sure of the colour."""
    image = make_image(make_product(embedded=False, title="Old Navy Tee", colour="Wine"))
    values = {
        "unsure": ["colour"],
        "article_type": "Tshirts",
        "sentence": "A T-shirt.",
        "confidence": {"colour": 0.4, "article_type": 0.93},
        "alternatives": {"colour": ["Red", "Maroon", "Pink"], "article_type": ["Tops"]},
    }
    return make_caption(image, "fake-captioner", doubt=doubt, **{**values, **fields})


@pytest.fixture
def caption() -> Caption:
    return make_doubtful()


def page_url(**query: str) -> str:
    return reverse("admin:ensemble_catalog_caption_review", query=query or None)


def sign_in(name: str = "ana", *permissions: str) -> Client:
    user = User.objects.create_user(name, first_name=name.title(), is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(codename__in=permissions or ["change_caption"])
    )
    client = Client()
    client.force_login(user)
    return client


def shown(client: Client, **query: str) -> str | None:
    """The content hash of the picture on the page."""
    caption = client.get(page_url(**query)).context.get("caption")
    return caption.content_hash if caption else None


def send(client: Client, caption: Caption, action: str, **fields: str) -> Any:
    form = {"picture": caption.content_hash, "action": action, **fields}
    return client.post(page_url(), form, follow=True)


def everything() -> list[Caption]:
    return list(captions_to_review(ReviewFilter(everything="1")))


def test_the_most_doubtful_caption_comes_first() -> None:
    little, most, some = make_doubtful(0.5), make_doubtful(0.9), make_doubtful(0.7)
    assert list(captions_to_review(ReviewFilter())) == [most, some, little]


def test_what_a_person_has_seen_is_not_shown_again(caption: Caption) -> None:
    caption_confirm(content_hash=caption.content_hash, user=None)
    assert everything() == []


def test_only_captions_that_serve_are_reviewed(caption: Caption) -> None:
    Caption.objects.bulk_create(
        [Caption(content_hash=caption.content_hash, captioner_id="older", doubt=0.9)]
    )
    assert everything() == [caption]


def test_captions_of_pictures_that_are_gone_are_not_reviewed(caption: Caption) -> None:
    Caption.objects.bulk_create([Caption(content_hash="0" * 64, captioner_id="x", doubt=0.9)])
    assert everything() == [caption]


def test_captions_without_doubt_are_shown_on_request_only() -> None:
    sure = make_doubtful(0.05, unsure=[])
    assert not captions_to_review(ReviewFilter()).exists()
    assert everything() == [sure]


def test_a_captioner_that_tells_no_confidence_is_doubted() -> None:
    make_doubtful(0.5, unsure=[])
    assert captions_to_review(ReviewFilter()).count() == 1


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        (ReviewFilter(captioner="fake-captioner"), 1),
        (ReviewFilter(captioner="other"), 0),
        (ReviewFilter(article_type="Tshirts"), 1),
        (ReviewFilter(article_type="Jeans"), 0),
        (ReviewFilter(field="colour"), 1),
        (ReviewFilter(field="style"), 0),
    ],
)
def test_the_queue_is_filtered(caption: Caption, chosen: ReviewFilter, count: int) -> None:
    assert captions_to_review(chosen).count() == count


def test_an_article_type_left_blank_is_found_by_its_likeliest_value() -> None:
    make_doubtful(article_type="", alternatives={"article_type": ["Jeans", "Trousers"]})
    assert captions_to_review(ReviewFilter(article_type="Jeans")).count() == 1
    assert captions_to_review(ReviewFilter(article_type="Trousers")).count() == 0


def test_an_unknown_field_in_the_address_is_ignored() -> None:
    assert ReviewFilter.read({"field": "password", "page": "2"}) == ReviewFilter()


def test_two_reviewers_get_different_pictures() -> None:
    first, second = make_doubtful(0.9), make_doubtful(0.8)
    assert shown(sign_in("ana")) == first.content_hash
    assert shown(sign_in("ben")) == second.content_hash


def test_a_reviewer_keeps_a_picture_when_the_page_is_loaded_again() -> None:
    first, _ = make_doubtful(0.9), make_doubtful(0.8)
    ana = sign_in()
    assert shown(ana) == shown(ana) == first.content_hash


def test_of_many_who_ask_at_once_one_gets_the_picture() -> None:
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda user_id: claim_picture("a" * 64, user_id), range(1, 9)))
    assert won.count(True) == 1


def test_a_picture_given_back_is_free_for_others(caption: Caption) -> None:
    claim_picture(caption.content_hash, 1)
    assert next_to_review(ReviewFilter(), 2) is None
    review.release_picture(caption.content_hash, 2)
    assert next_to_review(ReviewFilter(), 2) is None
    review.release_picture(caption.content_hash, 1)
    assert next_to_review(ReviewFilter(), 2) == caption


def test_the_page_shows_the_picture_the_feeds_words_and_the_choices(caption: Caption) -> None:
    page = sign_in().get(page_url()).content.decode()
    for text in ("Old Navy Tee", "Wine", "Maroon", "not sure", "40&thinsp;%", "93&thinsp;%"):
        assert text in page
    assert "<b>0</b> reviewed today, <b>1</b> to go" in page


def test_choices_are_the_value_and_the_likeliest_others(caption: Caption) -> None:
    fields = {field.name: field for field in sign_in().get(page_url()).context["choices"]}
    colour, kind = fields["colour"], fields["article_type"]
    assert [(c.key, c.value, c.confidence) for c in colour.choices] == [
        (1, "Red", 0.4),
        (2, "Maroon", None),
        (3, "Pink", None),
    ]
    assert (colour.is_unsure, colour.value) == (True, "")
    assert [(c.value, c.confidence) for c in kind.choices] == [("Tshirts", 0.93), ("Tops", None)]
    assert fields["material"].choices == []


def test_saving_stores_the_persons_caption_and_shows_the_next_picture(caption: Caption) -> None:
    other = make_doubtful(0.5)
    response: Any = send(sign_in(), caption, "save", colour="Maroon", style="empty:")
    stored = Caption.objects.get(captioner_id=PERSON)
    assert (stored.colour, stored.content_hash) == ("Maroon", caption.content_hash)
    assert stored.sentence == "A maroon T-shirt."
    assert response.context["caption"] == other
    assert "<b>1</b> reviewed today, <b>1</b> to go" in response.content.decode()


def test_confirming_keeps_blanks_blank(caption: Caption) -> None:
    send(sign_in(), caption, "confirm", colour="Maroon")
    assert Caption.objects.get(captioner_id=PERSON).colour == ""


def test_a_skipped_picture_is_left_for_others_and_shown_again_on_request(caption: Caption) -> None:
    ana, ben = sign_in("ana"), sign_in("ben")
    send(ana, caption, "skip")
    assert shown(ana) is None
    assert shown(ben) == caption.content_hash
    send(ben, caption, "skip")
    send(ana, caption, "again")
    assert shown(ana) == caption.content_hash


def test_undo_takes_the_last_deed_back_and_shows_its_picture(caption: Caption) -> None:
    make_doubtful(0.5)
    ana = sign_in()
    send(ana, caption, "save", colour="Maroon")
    response: Any = ana.post(page_url(), {"action": "undo"}, follow=True)
    assert response.context["caption"] == caption
    assert not Caption.objects.filter(captioner_id=PERSON).exists()


def test_undo_without_a_last_deed_does_nothing(caption: Caption) -> None:
    response: Any = sign_in().post(page_url(), {"action": "undo"}, follow=True)
    assert response.context["caption"] == caption


def test_saving_what_another_reviewer_saved_meanwhile_is_refused(caption: Caption) -> None:
    ana = sign_in()
    seen = str(ana.get(page_url()).context["seen"])
    caption_correct(content_hash=caption.content_hash, values={"colour": "Pink"}, user=None)
    response: Any = send(ana, caption, "save", colour="Maroon", seen=seen)
    assert "reviewed this picture meanwhile" in response.content.decode()
    assert Caption.objects.get(captioner_id=PERSON).colour == "Pink"


def test_a_named_picture_is_shown_with_its_history(caption: Caption) -> None:
    client = sign_in()
    send(client, caption, "save", colour="Maroon")
    page = client.get(page_url(picture=caption.content_hash)).content.decode()
    assert "<b>Ana</b> changed colour from nothing to Maroon" in page


def test_a_picture_that_nobody_captioned_is_not_found() -> None:
    assert sign_in().get(page_url(picture="0" * 64)).status_code == 404


def test_the_filter_stays_from_picture_to_picture(caption: Caption) -> None:
    url = page_url(article_type="Tshirts")
    response = sign_in().post(url, {"picture": caption.content_hash, "action": "confirm"})
    assert response["Location"].endswith("?article_type=Tshirts")


def test_an_empty_queue_says_so_and_offers_the_rest() -> None:
    page = sign_in().get(page_url()).content.decode()
    assert "Everything in doubt has been looked at" in page
    assert "Also where the captioner was sure" in page


def test_yesterdays_reviews_do_not_count_as_todays(caption: Caption) -> None:
    client = sign_in()
    send(client, caption, "confirm")
    Caption.history.update(history_date=timezone.now() - timedelta(days=2))
    assert client.get(page_url()).context["reviewed"] == 0


def test_typed_text_counts_before_a_chosen_button() -> None:
    form = {"colour": "Red", "colour_other": "Wine", "style": "other:", "pattern": "empty:"}
    assert read_values(form) == {"colour": "Wine", "style": "", "pattern": ""}


def test_words_of_a_captioner_are_text_on_the_page_and_never_markup() -> None:
    make_doubtful(sentence="<script>alert(1)</script>", alternatives={"colour": ["<b>Red"]})
    page = sign_in().get(page_url()).content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;Red" in page


def test_the_page_takes_a_fixed_number_of_queries(
    caption: Caption, django_assert_max_num_queries: Any
) -> None:
    client = sign_in()
    client.get(page_url())
    for _ in range(5):
        make_doubtful()
    with django_assert_max_num_queries(22):
        client.get(page_url())


@pytest.mark.parametrize("permissions", [["view_caption"], ["change_product"]])
def test_reviewing_asks_for_the_right_to_change_captions(
    caption: Caption, permissions: list[str]
) -> None:
    client = sign_in("ana", *permissions)
    assert client.get(page_url()).status_code == 403
    form = {"picture": caption.content_hash, "action": "confirm"}
    assert client.post(page_url(), form).status_code == 403


def test_strangers_are_sent_to_the_login(client: Client) -> None:
    assert "/login/" in client.get(page_url())["Location"]


def test_the_badge_counts_open_captions_for_those_who_may_review(
    caption: Caption, rf: Any, admin_user: User
) -> None:
    request = rf.get("/")
    request.user = admin_user
    assert draw_badge(request) == "1"
    request.user = User.objects.create_user("nobody")
    assert draw_badge(request) == ""


def caption_url(page: str, *args: Any) -> str:
    return reverse(f"admin:ensemble_catalog_caption_{page}", args=args)


def test_the_list_says_who_corrected_and_which_serves(
    admin_client: Client, caption: Caption
) -> None:
    caption_correct(
        content_hash=caption.content_hash,
        values={"colour": "Maroon"},
        user=User.objects.create_user("carla"),
    )
    page = admin_client.get(caption_url("changelist") + "?corrected=yes").content.decode()
    assert "carla" in page
    rows = admin_client.get(caption_url("changelist") + "?serves=no").context["cl"].result_list
    assert list(rows) == [caption]


def test_a_captions_page_cannot_be_edited_but_leads_to_its_review(
    admin_client: Client, caption: Caption
) -> None:
    page = admin_client.get(caption_url("change", caption.pk)).content.decode()
    assert 'name="colour"' not in page
    assert admin_client.post(caption_url("change", caption.pk), {"colour": "X"}).status_code == 403
    assert "/correct" in page


def test_the_correct_button_opens_the_picture_in_the_review(
    admin_client: Client, caption: Caption
) -> None:
    url = reverse("admin:ensemble_catalog_caption_correct", args=[caption.pk])
    response: Any = admin_client.get(url, follow=True)
    assert response.context["caption"] == caption


def test_the_admin_history_tells_what_people_said(admin_client: Client, caption: Caption) -> None:
    caption_correct(content_hash=caption.content_hash, values={"colour": "Pink"}, user=None)
    page = admin_client.get(caption_url("history", caption.pk)).content.decode()
    assert "changed colour from nothing to Pink" in page
