"""What people say of pictures: it wins, it is remembered, and it can be taken back."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from catalog.caption_history import read_history
from catalog.models import PERSON, Caption, Product, ProductImage
from catalog.selectors import captions_for
from catalog.services import (
    CorrectionRefused,
    caption_confirm,
    caption_correct,
    caption_delete,
    caption_undo,
    caption_withdraw,
    captions_recreate,
)
from catalog.services.caption_corrections import history_position
from catalog.wording import rewrite_sentence
from tests.factories import make_caption, make_image, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def product() -> Product:
    return make_product(embedded=False)


@pytest.fixture
def image(product: Product) -> ProductImage:
    return make_image(product)


@pytest.fixture
def machine(image: ProductImage) -> Caption:
    return make_caption(
        image,
        "fake-captioner",
        sentence="A men's casual red polo shirt.",
        colour="Red",
        style="Casual",
        pattern="Solid",
        article_type="Tshirts",
    )


@pytest.fixture
def ana() -> User:
    return User.objects.create_user("ana", first_name="Ana")


@pytest.fixture
def ben() -> User:
    return User.objects.create_user("ben", first_name="Ben")


def correct(machine: Caption, user: User, **values: str) -> Caption:
    return caption_correct(content_hash=machine.content_hash, values=values, user=user)


def told(machine: Caption) -> list[str]:
    return [f"{line.who} {line.what}" for line in read_history(machine.content_hash)]


def test_a_correction_serves_and_leaves_the_machines_caption_as_it_was(
    product: Product, machine: Caption, ana: User
) -> None:
    correct(machine, ana, colour="Maroon")
    served = captions_for([product])[product.pk]
    assert (served.captioner_id, served.colour, served.style) == (PERSON, "Maroon", "Casual")
    machine.refresh_from_db()
    assert machine.colour == "Red"


def test_a_second_correction_changes_the_same_caption(machine: Caption, ana: User) -> None:
    first = correct(machine, ana, colour="Maroon")
    assert correct(machine, ana, pattern="Striped") == first
    assert Caption.objects.filter(captioner_id=PERSON).count() == 1


def test_a_correction_queues_the_embedding_of_its_products(
    product: Product,
    machine: Caption,
    ana: User,
    queued: list[tuple[str, Any]],
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        correct(machine, ana, colour="Maroon")
    assert queued == [("embed_products", [product.pk])]


def test_a_person_can_leave_a_field_blank(machine: Caption, ana: User) -> None:
    assert correct(machine, ana, style="").style == ""


def test_the_sentence_follows_corrected_fields(machine: Caption, ana: User) -> None:
    caption = correct(machine, ana, colour="Navy Blue", sentence=machine.sentence)
    assert caption.sentence == "A men's casual navy blue polo shirt."


def test_a_sentence_that_the_person_wrote_is_kept(machine: Caption, ana: User) -> None:
    caption = correct(machine, ana, colour="Maroon", sentence="A wine-red  polo.\n")
    assert caption.sentence == "A wine-red polo."


def test_an_emptied_sentence_is_written_anew(machine: Caption, ana: User) -> None:
    assert correct(machine, ana, sentence="").sentence == "A men's casual red polo shirt."


def test_another_article_type_brings_another_noun(machine: Caption, ana: User) -> None:
    caption = correct(machine, ana, article_type="Jeans")
    assert caption.sentence == "A pair of men's casual red jeans."


def test_an_article_type_of_no_vocabulary_is_named_without_counting_it() -> None:
    fields = {"style": "", "colour": "Red", "pattern": "Striped", "article_type": "Kaftans"}
    assert rewrite_sentence("A top.", "Tops", fields) == "Red striped kaftans."


def test_a_sentence_without_any_field_names_an_item() -> None:
    fields = dict.fromkeys(("style", "colour", "pattern", "article_type"), "")
    assert rewrite_sentence("A women's top.", "Tops", fields) == "A women's item."


def test_a_confirmation_keeps_every_word(machine: Caption, ana: User) -> None:
    caption = caption_confirm(content_hash=machine.content_hash, user=ana)
    assert (caption.captioner_id, caption.sentence) == (PERSON, machine.sentence)
    assert told(machine) == ["Ana found it right"]


def test_the_history_says_who_changed_what(machine: Caption, ana: User, ben: User) -> None:
    correct(machine, ana, colour="Maroon")
    correct(machine, ben, sentence="A polo.", style="")
    assert told(machine) == [
        "Ben changed style from Casual to nothing, "
        "sentence from A men's casual maroon polo shirt. to A polo.",
        "Ana changed colour from Red to Maroon, sentence from A men's casual red polo shirt. "
        "to A men's casual maroon polo shirt.",
    ]


def test_withdrawing_lets_the_machines_caption_serve_again(
    product: Product, machine: Caption, ana: User
) -> None:
    correct(machine, ana, colour="Maroon")
    assert caption_withdraw(content_hash=machine.content_hash, user=ana)
    assert captions_for([product])[product.pk] == machine
    assert told(machine)[0] == "Ana took the correction back"


def test_withdrawing_twice_does_nothing(machine: Caption, ana: User) -> None:
    assert not caption_withdraw(content_hash=machine.content_hash, user=ana)


def test_undoing_the_first_correction_withdraws_it(machine: Caption, ana: User) -> None:
    correct(machine, ana, colour="Maroon")
    assert caption_undo(content_hash=machine.content_hash, user=ana)
    assert not Caption.objects.filter(captioner_id=PERSON).exists()


def test_undoing_a_later_correction_restores_the_words_before_it(
    machine: Caption, ana: User
) -> None:
    correct(machine, ana, colour="Maroon")
    correct(machine, ana, colour="Pink")
    caption_undo(content_hash=machine.content_hash, user=ana)
    caption = Caption.objects.get(captioner_id=PERSON)
    assert (caption.colour, "maroon" in caption.sentence) == ("Maroon", True)
    assert told(machine)[0].startswith("Ana set back colour from Pink to Maroon")


def test_what_somebody_else_changed_since_is_not_undone(
    machine: Caption, ana: User, ben: User
) -> None:
    correct(machine, ana, colour="Maroon")
    correct(machine, ben, colour="Pink")
    with pytest.raises(CorrectionRefused, match="Somebody else"):
        caption_undo(content_hash=machine.content_hash, user=ana)


def test_a_correction_of_an_outdated_page_is_refused(
    machine: Caption, ana: User, ben: User
) -> None:
    seen = history_position(machine.content_hash)
    correct(machine, ana, colour="Maroon")
    with pytest.raises(CorrectionRefused, match="meanwhile"):
        caption_confirm(content_hash=machine.content_hash, user=ben, seen=seen)
    assert Caption.objects.get(captioner_id=PERSON).colour == "Maroon"


def test_a_picture_that_no_captioner_saw_cannot_be_corrected(ana: User) -> None:
    with pytest.raises(CorrectionRefused, match="No captioner"):
        caption_confirm(content_hash="0" * 64, user=ana)


def test_a_correction_survives_captioning_again(
    product: Product, image: ProductImage, machine: Caption, ana: User
) -> None:
    correct(machine, ana, colour="Maroon")
    captions_recreate(images=[image])
    assert captions_for([product])[product.pk].colour == "Maroon"


def test_a_removed_machine_caption_leaves_no_history(machine: Caption, ana: User) -> None:
    caption_delete(caption=machine, user=ana)
    assert not Caption.objects.exists()
    assert not Caption.history.exists()


@pytest.mark.django_db(transaction=True)
def test_two_first_corrections_at_once_make_one_caption(machine: Caption, ana: User) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    def save(colour: str) -> None:
        try:
            correct(machine, ana, colour=colour)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(save, ["Pink", "Maroon", "Teal", "Blue"]))
    assert Caption.objects.filter(captioner_id=PERSON).count() == 1
    assert Caption.history.filter(history_type="+").count() == 1
