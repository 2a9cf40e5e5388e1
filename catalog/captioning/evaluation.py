"""How often a captioner is right, attribute by attribute, against a shop's own labels."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from catalog.captioning.base import CaptionDraft, Captioner
from catalog.captioning.labels import FLATLAY_GROUPS, find_kind, pattern_of

_BATCH: Final = 32
_SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp")
_GENDERS: Final = {"men's": "Men", "women's": "Women", "boys'": "Boys", "girls'": "Girls"}


@dataclass(frozen=True, slots=True)
class Score:
    """How one attribute was answered over the ``n`` photos whose label is known; shares 0 to 1.

    ``top3`` is None where the captioner names no alternatives. ``macro_f1`` is the mean F1 over
    every class that was either right or answered, as scikit-learn counts it. ``majority`` is what
    always answering the commonest label would score. ``filled`` is the share of photos whose
    answer was sure enough to be filled in unseen, ``filled_precision`` how many of those are right.
    """

    top1: float
    top3: float | None
    macro_f1: float
    majority: float
    n: int
    filled: float = 0.0
    filled_precision: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Scores by attribute, photos captioned a second (reading them included), photos not found."""

    attributes: Mapping[str, Score]
    photos_per_second: float
    missing: int


def evaluate_captioner(
    captioner: Captioner, rows: Sequence[Mapping[str, str]], images: Path
) -> Report:
    """Caption the photo ``images/<id>.*`` of each row and compare with the row's labels.

    Columns judged where present: articleType, gender, usage, baseColour, pattern (or what
    productDisplayName says of it), and label (the flat-lay vocabulary, judged as articleType).
    """
    found = [(row, path) for row in rows if (path := _find(images, row["id"])) is not None]
    started = time.perf_counter()
    drafts = list(_caption_all(captioner, [path for _, path in found]))
    seconds = time.perf_counter() - started
    judged = [row for row, _ in found]
    scores = {
        name: score(truths, answers, sure)
        for name, truths, answers, sure in _compare(judged, drafts)
        if any(truths)
    }
    rate = round(len(found) / seconds, 2) if found else 0.0
    return Report(scores, rate, len(rows) - len(found))


def _caption_all(captioner: Captioner, paths: Sequence[Path]) -> Iterator[CaptionDraft]:
    """Caption in batches; the next batch is decoded while the one before is looked at."""
    batches = [paths[start : start + _BATCH] for start in range(0, len(paths), _BATCH)]
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(_read_all, batches[0] if batches else [])
        for following in [*batches[1:], []]:
            photos, coming = coming.result(), reader.submit(_read_all, following)
            yield from captioner.caption(photos)


def score(
    truths: Sequence[str],
    answers: Sequence[Sequence[str]],
    sure: Sequence[bool] | None = None,
) -> Score:
    """Score ranked ``answers`` (best first) against ``truths``; blank truths are not judged.

    Case, hyphens and a plural s do not count: "T-shirt" is "Tshirts".
    """
    known = [
        (plain(truth), [plain(answer) for answer in ranked] or [""], filled)
        for truth, ranked, filled in zip(truths, answers, sure or [True] * len(truths), strict=True)
        if truth
    ]
    if not known:
        return Score(0.0, None, 0.0, 0.0, 0)
    n = len(known)
    pairs = [(truth, ranked[0]) for truth, ranked, _ in known]
    filled = [truth == ranked[0] for truth, ranked, is_sure in known if is_sure and ranked[0]]
    in_three = sum(truth in ranked[:3] for truth, ranked, _ in known)
    return Score(
        top1=round(sum(truth == answer for truth, answer in pairs) / n, 4),
        top3=round(in_three / n, 4) if any(len(ranked) > 1 for _, ranked, _ in known) else None,
        macro_f1=round(_macro_f1(pairs), 4),
        majority=round(Counter(truth for truth, _ in pairs).most_common(1)[0][1] / n, 4),
        n=n,
        filled=round(len(filled) / n, 4),
        filled_precision=round(sum(filled) / len(filled), 4) if filled else None,
    )


def plain(label: str) -> str:
    """A label without what two shops may write differently."""
    kept = "".join(c for c in label.lower().replace("gray", "grey") if c.isalnum())
    return kept.removesuffix("s")


def _macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    truths, answers = Counter(t for t, _ in pairs), Counter(a for _, a in pairs)
    hits = Counter(truth for truth, answer in pairs if truth == answer)
    classes = truths.keys() | answers.keys()
    return sum(2 * hits[c] / (truths[c] + answers[c]) for c in classes) / len(classes)


#: An attribute's name, the rows' labels, the drafts' answers, which of those are sure.
Comparison = tuple[str, list[str], list[list[str]], list[bool]]
_Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Judged:
    """An attribute that is judged: its name in reports and in drafts, label and answer."""

    name: str
    field: str
    label: Callable[[_Row], str]
    answer: Callable[[CaptionDraft], list[str]]


def _compare(rows: Sequence[_Row], drafts: Sequence[CaptionDraft]) -> Iterator[Comparison]:
    flatlay = bool(rows) and "label" in rows[0]
    for judged in (*(_FLATLAY if flatlay else _TYPES), *_OTHERS):
        labels = [judged.label(row) or "" for row in rows]
        sure = [judged.field not in draft.unsure for draft in drafts]
        yield judged.name, labels, [judged.answer(draft) for draft in drafts], sure


def _ranked(attribute: str) -> Callable[[CaptionDraft], list[str]]:
    def answer(draft: CaptionDraft) -> list[str]:
        return [getattr(draft, attribute), *draft.alternatives.get(attribute, ())]

    return answer


def _column(name: str) -> Callable[[_Row], str]:
    return lambda row: row.get(name, "")


def _pattern_label(row: Mapping[str, str]) -> str:
    return row.get("pattern") or pattern_of(row.get("productDisplayName", ""))


def gender_of(draft: CaptionDraft) -> str:
    """Whom it is for, as the sentence says if not the draft; naming nobody means anybody."""
    if draft.gender:
        return draft.gender
    words = draft.sentence.lower().replace("\u2019", "'").split()
    return next((_GENDERS[word] for word in words if word in _GENDERS), "Unisex")


def flatlay_of(draft: CaptionDraft) -> str:
    """The flat-lay label that the caption's noun and article type amount to, or ""."""
    kind = find_kind(draft.noun or draft.sentence.rstrip(". "), draft.article_type)
    return kind.flatlay if kind else ""


def _flatlay_group(label: str) -> str:
    return FLATLAY_GROUPS.get(label, "")


_TYPES: Final = (
    _Judged("articleType", "article_type", _column("articleType"), _ranked("article_type")),
)
_FLATLAY: Final = (
    _Judged("articleType", "article_type", _column("label"), lambda draft: [flatlay_of(draft)]),
    _Judged(
        "articleGroup",
        "article_type",
        lambda row: _flatlay_group(row["label"]),
        lambda draft: [_flatlay_group(flatlay_of(draft))],
    ),
)
_OTHERS: Final = (
    _Judged("gender", "gender", _column("gender"), lambda draft: [gender_of(draft)]),
    _Judged("usage", "style", _column("usage"), _ranked("style")),
    _Judged("baseColour", "colour", _column("baseColour"), _ranked("colour")),
    _Judged("pattern", "pattern", _pattern_label, _ranked("pattern")),
)


def _find(images: Path, photo_id: str) -> Path | None:
    paths = (images / f"{photo_id}{suffix}" for suffix in _SUFFIXES)
    return next((path for path in paths if path.is_file()), None)


def _read_all(paths: Sequence[Path]) -> list[Image.Image]:
    return [_read(path) for path in paths]


def _read(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


def summarise(report: Report) -> Iterable[str]:
    """The report as lines of a small table."""
    yield (
        f"{'attribute':<14}{'top-1':>8}{'top-3':>8}{'macro F1':>10}{'majority':>10}"
        f"{'filled':>9}{'of it right':>13}{'n':>7}"
    )
    for name, found in report.attributes.items():
        yield (
            f"{name:<14}{found.top1:>8.1%}{_share(found.top3):>8}{found.macro_f1:>10.3f}"
            f"{found.majority:>10.1%}{found.filled:>9.1%}{_share(found.filled_precision):>13}"
            f"{found.n:>7}"
        )
    yield f"{report.photos_per_second:.1f} photos a second; {report.missing} photos not found"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
