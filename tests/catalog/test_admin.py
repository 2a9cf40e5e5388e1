"""The catalog's admin: pages render, uploads pass the intake, rights are asked for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from catalog.models import Caption, FeedImport, Product
from catalog.services import caption_create_for_image, product_image_create
from tests.factories import make_product

pytestmark = pytest.mark.django_db

Draw = Callable[..., bytes]


def url(model: str, page: str, *args: Any) -> str:
    return reverse(f"admin:ensemble_catalog_{model}_{page}", args=args)


def sign_in(*permissions: str) -> Client:
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def product(draw: Draw) -> Product:
    product = make_product(embedded=False, title="Oxford shirt")
    image = product_image_create(product=product, data=draw())
    assert image
    caption_create_for_image(image=image)
    return product


@pytest.fixture
def draft(admin_client: Client) -> FeedImport:
    file = SimpleUploadedFile("shop.csv", b"id,name,kind\nA1,Shirt,Shirts\nA2,,Boots\n")
    admin_client.post(url("feedimport", "add"), {"file": file})
    return FeedImport.objects.get()


def product_form(product: Product, **fields: Any) -> dict[str, Any]:
    """What the browser sends for an unchanged product with its one picture."""
    image = product.images.get()
    return {
        **{name: getattr(product, name) for name in ("sku", "title", "gender", "price", "stock")},
        "slot": product.slot,
        "currency": "EUR",
        "published": "on",
        "images-TOTAL_FORMS": 2,
        "images-INITIAL_FORMS": 1,
        "images-0-id": image.pk,
        "images-0-product": product.pk,
        "images-0-position": 0,
        "images-1-product": product.pk,
        "images-1-position": 0,
        **fields,
    }


@pytest.mark.parametrize("model", ["product", "caption", "feedimport"])
def test_an_empty_list_renders(admin_client: Client, model: str) -> None:
    assert admin_client.get(url(model, "changelist")).status_code == 200


def test_the_product_list_shows_picture_and_caption(admin_client: Client, product: Product) -> None:
    page = admin_client.get(url("product", "changelist")).content.decode()
    image = product.main_image
    assert image
    assert image.small_url in page
    assert "A plain thing." in page


def test_the_product_list_takes_as_many_queries_for_ten_as_for_one(
    admin_client: Client, product: Product, draw: Draw, django_assert_max_num_queries: Any
) -> None:
    for number in range(9):
        other = make_product(embedded=False)
        product_image_create(product=other, data=draw(f"#0{number}0000"))
    with django_assert_max_num_queries(14):
        admin_client.get(url("product", "changelist"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("missing=slot", False),
        ("missing=picture", False),
        ("missing=caption", False),
        ("in_stock=yes", True),
        ("in_stock=no", False),
        ("q=oxford", True),
    ],
)
def test_the_product_list_is_filtered(
    admin_client: Client, product: Product, query: str, found: bool
) -> None:
    page = admin_client.get(f"{url('product', 'changelist')}?{query}").content.decode()
    assert ("Oxford shirt" in page) is found


def test_the_caption_page_shows_its_picture(admin_client: Client, product: Product) -> None:
    caption = Caption.objects.get()
    page = admin_client.get(url("caption", "change", caption.pk)).content.decode()
    image = product.main_image
    assert image
    assert image.small_url in page


def test_an_upload_becomes_a_picture(admin_client: Client, product: Product, draw: Draw) -> None:
    file = SimpleUploadedFile("blue.png", draw("blue", kind="PNG"))
    form = product_form(product, **{"images-1-upload": file, "images-1-position": 1})
    response = admin_client.post(url("product", "change", product.pk), form)
    assert response.status_code == 302
    assert product.images.count() == 2


def test_a_refused_upload_is_an_error_beside_its_field(
    admin_client: Client, product: Product
) -> None:
    file = SimpleUploadedFile("fake.jpg", b"<html>404</html>")
    form = product_form(product, **{"images-1-upload": file})
    page = admin_client.post(url("product", "change", product.pk), form).content.decode()
    assert "The file is a web page" in page
    assert product.images.count() == 1


def test_an_upload_on_a_stored_picture_replaces_it(
    admin_client: Client, product: Product, draw: Draw
) -> None:
    old = product.images.get()
    file = SimpleUploadedFile("blue.jpg", draw("blue"))
    form = product_form(product, **{"images-0-upload": file})
    admin_client.post(url("product", "change", product.pk), form)
    assert product.images.get().pk != old.pk


def test_a_picture_is_removed(admin_client: Client, product: Product) -> None:
    form = product_form(product, **{"images-0-DELETE": "on"})
    admin_client.post(url("product", "change", product.pk), form)
    assert not product.images.exists()


def test_seasons_are_chosen_from_a_list(admin_client: Client, product: Product) -> None:
    form = product_form(product, seasons=["summer", "winter"])
    admin_client.post(url("product", "change", product.pk), form)
    product.refresh_from_db()
    assert product.seasons == ["summer", "winter"]


@pytest.mark.parametrize(
    ("action", "task"),
    [("caption_again", "caption_images"), ("embed_again", "embed_products")],
)
def test_an_action_queues_the_work_again(
    admin_client: Client,
    product: Product,
    queued: list[tuple[str, Any]],
    action: str,
    task: str,
    django_capture_on_commit_callbacks: Any,
) -> None:
    form = {"action": action, "_selected_action": [product.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(url("product", "changelist"), form)
    assert [name for name, _ in queued] == [task]


def test_products_are_unpublished_and_published(admin_client: Client, product: Product) -> None:
    for action, published in [("unpublish", False), ("publish", True)]:
        form = {"action": action, "_selected_action": [product.pk]}
        admin_client.post(url("product", "changelist"), form)
        product.refresh_from_db()
        assert product.published is published


def test_an_uploaded_feed_leads_to_its_mapping(admin_client: Client, draft: FeedImport) -> None:
    page = admin_client.get(url("feedimport", "change", draft.pk)).content.decode()
    assert '<option value="kind">' in page
    assert "49.00 EUR" in page
    assert "Refused: has no title" in page


def test_an_unreadable_feed_is_an_error_on_the_form(admin_client: Client) -> None:
    file = SimpleUploadedFile("shop.csv", b"15612,Men,Shirts\n")
    page = admin_client.post(url("feedimport", "add"), {"file": file}).content.decode()
    assert "line of column names above it" in page
    assert not FeedImport.objects.exists()


def test_an_empty_feed_is_an_error_on_the_form(admin_client: Client) -> None:
    file = SimpleUploadedFile("shop.csv", b"")
    page = admin_client.post(url("feedimport", "add"), {"file": file}).content.decode()
    assert "The file is empty" in page


def test_another_mapping_is_previewed_without_being_started(
    admin_client: Client, draft: FeedImport
) -> None:
    form = {"sku": "id", "title": "kind", "preview": "1"}
    page = admin_client.post(url("feedimport", "change", draft.pk), form).content.decode()
    draft.refresh_from_db()
    assert "Refused" not in page
    assert draft.status == FeedImport.Status.DRAFT


def test_a_mapping_without_a_title_says_so(admin_client: Client, draft: FeedImport) -> None:
    form = {"sku": "id", "title": "", "start": "1"}
    page = admin_client.post(url("feedimport", "change", draft.pk), form).content.decode()
    assert "without it no product can be stored" in page


def test_an_approved_mapping_is_queued_and_its_page_refreshes(
    admin_client: Client,
    draft: FeedImport,
    queued: list[tuple[str, Any]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    page_url = url("feedimport", "change", draft.pk)
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(page_url, {"sku": "id", "title": "name", "category": "kind", "start": 1})
    assert queued == [("run_feed_import", draft.pk)]
    assert admin_client.get(page_url)["Refresh"]
    assert admin_client.get(url("feedimport", "changelist"))["Refresh"]


def test_a_finished_import_shows_what_was_refused_and_stands_still(
    admin_client: Client, draft: FeedImport
) -> None:
    FeedImport.objects.filter(pk=draft.pk).update(
        status="done", refused=1, problems=[{"line": 3, "sku": "A2", "reason": "has no title"}]
    )
    response = admin_client.get(url("feedimport", "change", draft.pk))
    assert "has no title" in response.content.decode()
    assert "Refresh" not in response


@pytest.mark.parametrize(
    ("model", "page"),
    [("product", "changelist"), ("caption", "changelist"), ("feedimport", "add")],
)
def test_staff_without_the_right_is_refused(model: str, page: str) -> None:
    assert sign_in().get(url(model, page)).status_code == 403


def test_staff_who_may_only_look_cannot_start_an_import(draft: FeedImport) -> None:
    client = sign_in("view_feedimport")
    form = {"sku": "id", "title": "name", "start": "1"}
    assert client.post(url("feedimport", "change", draft.pk), form).status_code == 403


def test_staff_who_may_only_look_are_offered_no_actions(product: Product) -> None:
    client = sign_in("view_product")
    form = {"action": "unpublish", "_selected_action": [product.pk]}
    client.post(url("product", "changelist"), form)
    product.refresh_from_db()
    assert product.published
