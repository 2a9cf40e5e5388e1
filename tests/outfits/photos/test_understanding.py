import pytest

from catalog.captioning.base import CaptionDraft
from outfits.photos.understanding import PhotoRefused, read_piece


def test_a_piece_is_named_by_what_was_seen() -> None:
    draft = CaptionDraft(
        sentence="A women's casual red striped shirt.",
        colour="Red",
        article_type="Shirts",
        gender="Women",
    )
    piece = read_piece(draft)
    assert piece.title == "Women's casual red striped shirt"
    assert (piece.category, piece.slot, piece.colour) == ("Shirts", "top", "Red")
    assert piece.gender == "women"


def test_a_captioner_that_says_whom_it_is_for_only_in_its_sentence_is_heard() -> None:
    draft = CaptionDraft(sentence="A pair of men's black jeans.", article_type="Jeans")
    piece = read_piece(draft)
    assert (piece.title, piece.gender) == ("Men's black jeans", "men")


def test_whom_it_is_for_is_not_guessed() -> None:
    draft = CaptionDraft(
        sentence="A red shirt.", article_type="Shirts", gender="Women", unsure=frozenset({"gender"})
    )
    assert read_piece(draft).gender == "unisex"
    assert read_piece(draft, gender="girls").gender == "girls"


def test_where_only_the_sort_is_sure_that_is_enough() -> None:
    draft = CaptionDraft(
        sentence="A red top.", article_type="Tunics", unsure=frozenset({"article_type"})
    )
    piece = read_piece(draft)
    assert (piece.category, piece.slot) == ("top", "top")


def test_what_nobody_wears_is_refused_and_says_what_to_do() -> None:
    draft = CaptionDraft(sentence="A cat on a sofa.", article_type="Cats")
    with pytest.raises(PhotoRefused, match=r"looks like .*Send a photo of one piece") as refused:
        read_piece(draft)
    assert refused.value.seen == "Cats"


def test_what_was_not_understood_is_refused_and_says_what_to_do() -> None:
    draft = CaptionDraft(
        sentence="An item.", article_type="Kurtas", unsure=frozenset({"article_type"})
    )
    with pytest.raises(PhotoRefused, match=r"could not be told.*say what it is"):
        read_piece(draft)


def test_what_the_shopper_calls_it_wins() -> None:
    draft = CaptionDraft(
        sentence="An item.", article_type="Kurtas", unsure=frozenset({"article_type"})
    )
    piece = read_piece(draft, said="boots")
    assert (piece.category, piece.slot) == ("boots", "shoes")
