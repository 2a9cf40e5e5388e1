"""How often a captioner is right, attribute by attribute, against a shop's own labels."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from catalog.captioning.base import CaptionDraft, Captioner
from catalog.captioning.labels import find_kind, pattern_of

_BATCH: Final = 32
_SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp")
_GENDERS: Final = {"men's": "Men", "women's": "Women", "boys'": "Boys", "girls'": "Girls"}


@dataclass(frozen=True, slots=True)
class Score:
    """How one attribute was answered over the ``n`` photos whose label is known; shares 0 to 1.

    ``top3`` is None where the captioner names no alternatives. ``macro_f1`` is the mean F1 over
    every class that was either right or answered, as scikit-learn counts it. ``majority`` is what
    always answering the commonest label would score.
    """

    top1: float
    top3: float | None
    macro_f1: float
    majority: float
    n: int


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
    drafts: list[CaptionDraft] = []
    started = time.perf_counter()
    for start in range(0, len(found), _BATCH):
        photos = [_read(path) for _, path in found[start : start + _BATCH]]
        drafts += captioner.caption(photos)
    seconds = time.perf_counter() - started
    judged = [row for row, _ in found]
    scores = {
        name: score(truths, answers)
        for name, truths, answers in _compare(judged, drafts)
        if any(truths)
    }
    rate = round(len(found) / seconds, 2) if found else 0.0
    return Report(scores, rate, len(rows) - len(found))


def score(truths: Sequence[str], answers: Sequence[Sequence[str]]) -> Score:
    """Score ranked ``answers`` (best first) against ``truths``; blank truths are not judged.

    Case, hyphens and a plural s do not count: "T-shirt" is "Tshirts".
    """
    pairs = [
        (plain(truth), [plain(answer) for answer in ranked] or [""])
        for truth, ranked in zip(truths, answers, strict=True)
        if truth
    ]
    if not pairs:
        return Score(0.0, None, 0.0, 0.0, 0)
    n = len(pairs)
    right = sum(truth == ranked[0] for truth, ranked in pairs)
    in_three = sum(truth in ranked[:3] for truth, ranked in pairs)
    commonest = Counter(truth for truth, _ in pairs).most_common(1)[0][1]
    return Score(
        top1=round(right / n, 4),
        top3=round(in_three / n, 4) if any(len(ranked) > 1 for _, ranked in pairs) else None,
        macro_f1=round(_macro_f1([(truth, ranked[0]) for truth, ranked in pairs]), 4),
        majority=round(commonest / n, 4),
        n=n,
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


Comparison = tuple[str, list[str], list[list[str]]]


def _compare(
    rows: Sequence[Mapping[str, str]], drafts: Sequence[CaptionDraft]
) -> Iterator[Comparison]:
    """For each attribute: its name, the rows' labels, the drafts' answers."""
    readers: list[tuple[str, Callable[[Mapping[str, str]], str], _Answer]] = [
        ("articleType", lambda row: row.get("articleType", ""), _ranked("article_type")),
        ("gender", lambda row: row.get("gender", ""), lambda draft: [gender_of(draft)]),
        ("usage", lambda row: row.get("usage", ""), _ranked("style")),
        ("baseColour", lambda row: row.get("baseColour", ""), _ranked("colour")),
        ("pattern", _pattern_label, _ranked("pattern")),
    ]
    if rows and "label" in rows[0]:
        readers[0] = ("articleType", lambda row: row["label"], lambda draft: [flatlay_of(draft)])
    for name, label, answer in readers:
        yield name, [label(row) or "" for row in rows], [answer(draft) for draft in drafts]


_Answer = Callable[[CaptionDraft], list[str]]


def _ranked(attribute: str) -> _Answer:
    def answer(draft: CaptionDraft) -> list[str]:
        return [getattr(draft, attribute), *draft.alternatives.get(attribute, ())]

    return answer


def _pattern_label(row: Mapping[str, str]) -> str:
    return row.get("pattern") or pattern_of(row.get("productDisplayName", ""))


def gender_of(draft: CaptionDraft) -> str:
    """Whom the sentence says it is for; a caption that names nobody means anybody."""
    words = draft.sentence.lower().replace("\u2019", "'").split()
    return next((_GENDERS[word] for word in words if word in _GENDERS), "Unisex")


def flatlay_of(draft: CaptionDraft) -> str:
    """The flat-lay label that the caption's noun and article type amount to, or ""."""
    kind = find_kind(draft.sentence.rstrip(". "), draft.article_type)
    return kind.flatlay if kind else ""


def _find(images: Path, photo_id: str) -> Path | None:
    paths = (images / f"{photo_id}{suffix}" for suffix in _SUFFIXES)
    return next((path for path in paths if path.is_file()), None)


def _read(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


def summarise(report: Report) -> Iterable[str]:
    """The report as lines of a small table."""
    yield f"{'attribute':<14}{'top-1':>8}{'top-3':>8}{'macro F1':>10}{'majority':>10}{'n':>7}"
    for name, found in report.attributes.items():
        top3 = "-" if found.top3 is None else f"{found.top3:.1%}"
        yield (
            f"{name:<14}{found.top1:>8.1%}{top3:>8}{found.macro_f1:>10.3f}"
            f"{found.majority:>10.1%}{found.n:>7}"
        )
    yield f"{report.photos_per_second:.1f} photos a second; {report.missing} photos not found"
