"""Judging a captioner."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from catalog.captioning.base import CaptionDraft
from catalog.captioning.evaluation import (
    evaluate_captioner,
    flatlay_of,
    gender_of,
    score,
    summarise,
)


class RecordedCaptioner:
    """Replays drafts in turn and remembers the pictures."""

    captioner_id = "recorded"

    def __init__(self, drafts: Sequence[CaptionDraft] = ()) -> None:
        self.drafts = list(drafts)
        self.seen: list[Image.Image] = []

    def caption(self, images: Sequence[Image.Image]) -> list[CaptionDraft]:
        self.seen += images
        return [self.drafts.pop(0) for _ in images]


SHIRT = CaptionDraft(
    "A men's red shirt.",
    colour="Red",
    style="Casual",
    pattern="Solid",
    article_type="Shirts",
    alternatives={"colour": ("Maroon", "Pink")},
)


def test_accuracy_counts_the_first_answer_and_the_first_three() -> None:
    found = score(["Red", "Blue", "Red"], [["Red"], ["Navy", "Black", "Blue"], ["Pink", "Rust"]])
    assert (found.top1, found.top3, found.n) == (0.3333, 0.6667, 3)


def test_macro_f1_is_scikit_learns() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    truths, answers = list("aaabbc"), list("aabbdc")
    expected = metrics.f1_score(truths, answers, average="macro", zero_division=0)
    assert score(truths, [[answer] for answer in answers]).macro_f1 == pytest.approx(
        expected, abs=1e-4
    )


def test_blank_labels_are_not_judged() -> None:
    assert score(["", "Red"], [["Blue"], ["Red"]]).n == 1


def test_spelling_does_not_count() -> None:
    assert score(["T-shirt", "Gray"], [["Tshirts"], ["grey"]]).top1 == 1.0


def test_the_majority_class_is_reported_beside() -> None:
    assert score(["a", "a", "b"], [["b"], ["b"], ["b"]]).majority == 0.6667


@pytest.mark.parametrize(
    ("sentence", "gender"),
    [("A women's red shirt.", "Women"), ("A red shirt.", "Unisex"), ("A boys' cap.", "Boys")],
)
def test_gender_is_read_from_the_sentence(sentence: str, gender: str) -> None:
    assert gender_of(CaptionDraft(sentence)) == gender


def test_the_flatlay_label_is_read_from_noun_and_type() -> None:
    hoodie = CaptionDraft("A men's grey hoodie.", article_type="Sweatshirts")
    assert flatlay_of(hoodie) == "Hoodie"


def test_only_listed_photos_are_captioned_and_absent_ones_are_counted(tmp_path: Path) -> None:
    for name in ("1", "2"):
        Image.new("RGB", (8, 8)).save(tmp_path / f"{name}.jpg")
    captioner = RecordedCaptioner([SHIRT])
    rows = [{"id": "1", "articleType": "Shirts", "baseColour": "Pink"}, {"id": "9"}]
    report = evaluate_captioner(captioner, rows, tmp_path)
    assert len(captioner.seen) == 1
    assert report.missing == 1
    assert report.attributes["articleType"].top1 == 1.0
    assert (report.attributes["baseColour"].top1, report.attributes["baseColour"].top3) == (0, 1)
    assert "usage" not in report.attributes
    assert "articleType" in "\n".join(summarise(report))


def test_the_command_prints_one_line_of_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "1.jpg")
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["id", "label"], ["1", "Shirt"]])
    monkeypatch.setattr(
        "catalog.management.commands.evaluate_captions.get_captioner",
        lambda: RecordedCaptioner([SHIRT]),
    )
    out = io.StringIO()
    call_command(
        "evaluate_captions",
        "--json",
        images=tmp_path,
        labels=tmp_path / "labels.csv",
        stdout=out,
    )
    (line,) = out.getvalue().splitlines()
    found = json.loads(line)
    assert found["attributes"]["articleType"]["top1"] == 1.0
    assert found["photos_per_second"] > 0


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"absent\.csv"):
        call_command("evaluate_captions", images=tmp_path, labels=tmp_path / "absent.csv")
