"""The captioner that ships with the project, with its real network and weights."""

import csv
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from catalog import conf
from catalog.captioning.backbone import WEIGHTS_DIR, backbone_path, prepare_backbone
from catalog.captioning.base import CaptioningError
from catalog.captioning.embedded import EmbeddedCaptioner
from catalog.captioning.evaluation import evaluate_captioner
from catalog.captioning.heads import HEADS_FILE

_DATA = Path(os.environ.get("ENSEMBLE_TEST_DATA", "../shared/data"))


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the network is: as set-up left it, or else exported here."""
    prepared = Path(conf.current().MODELS_DIR)
    if backbone_path(prepared).exists():
        return prepared
    for package in ("torch", "onnx", "efficientnet_lite_pytorch"):
        pytest.importorskip(package, reason=f"{package}, which exports the network, is absent")
    return prepare_backbone(tmp_path_factory.mktemp("models")).parent


@pytest.fixture(scope="session")
def captioner(models_dir: Path) -> EmbeddedCaptioner:
    return EmbeddedCaptioner(models_dir=models_dir, threads=1)


def tshirt(colour: str) -> Image.Image:
    """A flat T-shirt on white."""
    picture = Image.new("RGB", (300, 300), "white")
    outline = [(100, 50), (200, 50), (270, 100), (240, 140), (210, 120), (210, 260)]
    mirrored = [(300 - x, y) for x, y in reversed(outline)]
    ImageDraw.Draw(picture).polygon([*outline, *mirrored], fill=colour)
    return picture


@pytest.mark.parametrize(
    ("paint", "names"),
    [
        ("#c81414", {"Red", "Maroon", "Burgundy"}),
        ("#101010", {"Black"}),
        ("#2e8b3a", {"Green", "Olive"}),
        ("#f2d22e", {"Yellow", "Mustard"}),
    ],
)
def test_a_plain_garment_is_called_by_its_colour(
    captioner: EmbeddedCaptioner, paint: str, names: set[str]
) -> None:
    (draft,) = captioner.caption([tshirt(paint)])
    assert draft.colour in names
    assert (draft.colour.lower() in draft.sentence) == ("colour" not in draft.unsure)


def test_the_same_picture_gets_the_same_caption(captioner: EmbeddedCaptioner) -> None:
    alone = captioner.caption([tshirt("#2244aa")])
    assert captioner.caption([tshirt("#2244aa")]) == alone


def test_company_in_a_batch_changes_no_caption(captioner: EmbeddedCaptioner) -> None:
    pictures = [tshirt("#2244aa"), tshirt("#c81414"), Image.new("RGB", (10, 900), "white")]
    together = [draft.sentence for draft in captioner.caption(pictures)]
    assert together == [captioner.caption([picture])[0].sentence for picture in pictures]


def test_no_pictures_are_no_captions(captioner: EmbeddedCaptioner) -> None:
    assert captioner.caption([]) == []


def test_each_attribute_comes_with_its_odds_and_other_choices(
    captioner: EmbeddedCaptioner,
) -> None:
    (draft,) = captioner.caption([tshirt("#c81414")])
    for name in ("colour", "style", "article_type"):
        assert 0 < draft.confidence[name] <= 1
        assert len(draft.alternatives[name]) == 3
        assert getattr(draft, name) not in draft.alternatives[name]


def test_jeans_are_denim_and_a_t_shirts_cloth_is_not_guessed(
    captioner: EmbeddedCaptioner,
) -> None:
    (draft,) = captioner.caption([tshirt("#c81414")])
    assert draft.material == ""


def test_its_id_changes_with_the_weights(tmp_path: Path) -> None:
    shutil.copytree(WEIGHTS_DIR, tmp_path / "weights")
    same = EmbeddedCaptioner(str(tmp_path / "weights"))
    assert same.captioner_id == EmbeddedCaptioner().captioner_id
    with (tmp_path / "weights" / HEADS_FILE).open("ab") as file:
        file.write(b"\0")
    assert EmbeddedCaptioner(str(tmp_path / "weights")).captioner_id != same.captioner_id


def test_weights_that_are_not_the_manifests_are_refused(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    shutil.copytree(WEIGHTS_DIR, weights)
    with np.load(weights / HEADS_FILE) as stored:
        altered = {name: stored[name] for name in stored.files}
    altered["gender.temperature"] = altered["gender.temperature"] + np.float32(1)
    np.savez_compressed(weights / HEADS_FILE, **altered)
    with pytest.raises(CaptioningError, match="manifest"):
        EmbeddedCaptioner(str(weights)).caption([tshirt("#c81414")])


def test_a_missing_network_says_which_command_makes_it(tmp_path: Path) -> None:
    with pytest.raises(CaptioningError, match="prepare_models") as caught:
        EmbeddedCaptioner(models_dir=tmp_path).caption([tshirt("#c81414")])
    assert not caught.value.retryable


def test_preparing_twice_leaves_the_file_alone(models_dir: Path) -> None:
    before = backbone_path(models_dir).stat().st_mtime_ns
    assert prepare_backbone(models_dir).stat().st_mtime_ns == before


def test_studio_photos_are_mostly_captioned_right(captioner: EmbeddedCaptioner) -> None:
    labels = _DATA / "photos" / "catalogue.csv"
    if not labels.exists():
        pytest.skip(f"no photos at {labels}; set ENSEMBLE_TEST_DATA")
    with labels.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:60]
    report = evaluate_captioner(captioner, rows, labels.parent / "catalogue")
    assert report.attributes["articleType"].top1 > 0.75
    assert report.attributes["baseColour"].top1 > 0.55
