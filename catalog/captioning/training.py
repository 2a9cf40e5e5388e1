"""Trains the embedded captioner: its heads, and the last blocks of the network under them.

Reads top to bottom: examples -> views through the frozen blocks -> the network tuned -> heads,
temperatures and thresholds -> judged on what was kept back -> heads that learn from that too. Same
data, same seed, same machine and number of threads: same weights. An interrupted run goes on
where it stopped when it is started again.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from catalog.captioning.anchors import fit_anchors
from catalog.captioning.backbone import apply_tuning, pack_tuning, read_tuning
from catalog.captioning.examples import Example
from catalog.captioning.fitting import Floats, HeadRecipe, calibrate, fit_heads
from catalog.captioning.heads import TUNING_FILE, Head, save_heads
from catalog.captioning.looks import head_inputs
from catalog.captioning.network import load_network, pretrained_hash
from catalog.captioning.sureness import fit_thresholds
from catalog.captioning.targets import label_lists, label_masks
from catalog.captioning.tuning import TuningRecipe, count_rows, look_features, tune
from catalog.captioning.views import cache_colours, cache_views

#: Hears a stage's name, steps done, of how many, and a word on how it goes.
Tell = Callable[[str, int, int, str], None]
#: Scores of the weights in a folder on photos that were kept back.
Judge = Callable[[Path], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train: the network first, then the heads."""

    tuning: TuningRecipe = field(default_factory=TuningRecipe)
    heads: HeadRecipe = field(default_factory=HeadRecipe)


def train_captioner(
    examples: Sequence[Example],
    *,
    output: Path,
    cache: Path,
    recipe: Recipe,
    notes: Mapping[str, Any],
    judge: Judge = lambda folder: {},
    tell: Tell = lambda stage, done, of, word: None,
) -> None:
    """Write weights to ``output`` that were trained on all ``examples`` but the calibrating part.

    ``cache`` keeps the views (4 GB) and checkpoints. ``judge`` scores the weights of the training
    part alone, before the test part is learnt from too; its findings go into the manifest, like
    ``notes`` (data, licences). Needs torch; raises ImportError without it.
    """
    workshop = _Workshop(examples, cache, recipe, notes, tell)
    alone = workshop.folder / "weights"
    first = workshop.tune("train", None, _trains, recipe.tuning.steps)
    workshop.write("train", first, _trains, alone, {})
    held_out = judge(alone)
    further = recipe.tuning.further_steps
    last = workshop.tune("all", first, _may_teach, further) if further else first
    facts = {"held_out": held_out, "held_out_note": _HELD_OUT}
    workshop.write("all", last, _may_teach, output, facts)


_HELD_OUT: Final = (
    "held_out is of weights that learnt from the training part alone; those that ship learnt from "
    "the photos kept back as well, and would score them too well"
)


def _trains(example: Example) -> bool:
    return example.part == "train"


def _may_teach(example: Example) -> bool:
    return example.part != "calibrate"


class _Workshop:
    """The examples' views, and what each stage makes of them; one folder for each data and
    recipe, so that a changed one starts afresh."""

    def __init__(
        self,
        examples: Sequence[Example],
        cache: Path,
        recipe: Recipe,
        notes: Mapping[str, Any],
        tell: Tell,
    ) -> None:
        import torch

        self._recipe, self._notes, self._tell = recipe, notes, tell
        self._trunk, _ = load_network()
        self._trunk = self._trunk.to(memory_format=torch.channels_last)
        self._views = cache_views(
            examples,
            cache / "views",
            trunk=self._trunk,
            seed=recipe.tuning.seed,
            tell=lambda done, of: tell("views", done, of, ""),
        )
        self.folder = cache / _run_name(self._views.examples, recipe)
        self.folder.mkdir(parents=True, exist_ok=True)
        train = [e for e in self._views.examples if e.part == "train"]
        self._anchors = fit_anchors(train, seed=recipe.heads.seed)
        self._colours = cache_colours(
            self._views.examples,
            self.folder / "colours.npy",
            self._anchors,
            lambda done, of: tell("colours", done, of, ""),
        )

    def tune(
        self,
        name: str,
        start: Path | None,
        keep: Callable[[Example], bool],
        steps: int,
    ) -> Path:
        """Tune the network of the folder ``start`` on what ``keep`` keeps; the folder it is in."""
        folder = self.folder / f"tuned-{name}"
        if not (folder / TUNING_FILE).exists():
            _, tail = load_network()
            before = _parameters(tail)
            if start is not None:
                apply_tuning(tail, read_tuning(start))
            tune(
                tail,
                self._views.only(keep),
                self._recipe.tuning,
                self.folder,
                name,
                lambda stage, i, n, loss: self._tell(f"{stage}, {name}", i, n, f"loss {loss:.3f}"),
                steps=steps,
                share=1.0 if start is None else self._recipe.tuning.further_share,
            )
            folder.mkdir(exist_ok=True)
            part = folder / "part.npz"
            np.savez_compressed(part, **pack_tuning(before, _parameters(tail)))
            part.rename(folder / TUNING_FILE)
        return folder

    def write(
        self,
        name: str,
        tuned: Path,
        keep: Callable[[Example], bool],
        output: Path,
        facts: Mapping[str, Any],
    ) -> None:
        """Fit heads to the network that will serve (its change rounded to int8 steps), and write
        all that captions need to ``output``."""
        _, tail = load_network()
        apply_tuning(tail, read_tuning(tuned))
        inputs = self._inputs(tail, tuned / "inputs.npy")
        rows = np.array([keep(e) for e in self._views.examples])
        checked = np.array([e.part == "calibrate" for e in self._views.examples])
        taught = [e for e in self._views.examples if keep(e)]
        spared = [e for e in self._views.examples if e.part == "calibrate"]
        labels = label_lists(taught)
        heads = fit_heads(
            inputs[rows],
            {n: label_masks(taught, n, words) for n, words in labels.items()},
            labels,
            count_rows(taught, self._recipe.tuning),
            self._recipe.heads,
            lambda i, n, loss: self._tell(f"heads, {name}", i, n, f"loss {loss:.3f}"),
        )
        heads = _calibrate_all(heads, inputs[checked], spared)
        thresholds = fit_thresholds(heads, inputs[checked], spared)
        output.mkdir(parents=True, exist_ok=True)
        (output / TUNING_FILE).write_bytes((tuned / TUNING_FILE).read_bytes())
        manifest = {
            **self._notes,
            "recipe": asdict(self._recipe),
            "photos": {"learnt from": len(taught), "calibrated on": len(spared)},
            "thresholds": thresholds,
            "pretrained_sha256": pretrained_hash(),
            **facts,
        }
        save_heads(output, heads, self._anchors, thresholds, manifest)

    def _inputs(self, tail: Any, path: Path) -> Floats:
        if not path.exists():
            features = look_features(
                tail, self._views, tell=lambda i, n: self._tell("features", i, n, "")
            )
            np.save(path, head_inputs(features, self._colours))
        found: Floats = np.load(path)
        return found


def _calibrate_all(
    heads: Mapping[str, Head], inputs: Floats, examples: Sequence[Example]
) -> dict[str, Head]:
    return {
        name: calibrate(head, inputs, label_masks(examples, name, head.labels))
        for name, head in heads.items()
    }


def _run_name(examples: Sequence[Example], recipe: Recipe) -> str:
    """Names the folder for exactly these labelled photos and this recipe."""
    lines = [f"{e.source}/{e.path.name} {e.kinds} {sorted(e.labels.items())}" for e in examples]
    text = "\n".join([str(recipe), *lines])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _parameters(tail: Any) -> dict[str, Floats]:
    return {name: p.detach().numpy().copy() for name, p in tail.named_parameters()}
