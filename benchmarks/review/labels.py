"""What the review finds of hand-made labels, and whether it falls for the look-alikes.

    python benchmarks/review/labels.py CODEBASES LABELS… [--only PRACTICE] [--show]

CODEBASES is a folder with a checkout of each labelled repository, called `owner__name`; LABELS are
folders with one `owner__name.jsonl` each. A label is found when a finding of its practice stands in
its file and in its symbol, or within three lines of it.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastwright import catalogue
from fastwright.application.application import read
from fastwright.practice import Place

_NEAR = 3
Label = dict[str, Any]


@dataclass
class Score:
    """How a practice did on the labels that are not marked as doubtful, and on the others."""

    found: int = 0
    labelled: int = 0
    doubtful_found: int = 0
    doubtful: int = 0
    fooled: int = 0
    look_alikes: int = 0
    unlabelled: int = 0
    lines: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Labelled:
    """The labels of one codebase; its files are labelled for all practices or for some."""

    repository: str
    head: Label
    labels: list[Label]

    @classmethod
    def of(cls, file: Path) -> "Labelled":
        """Return what a file of labels holds."""
        head, *labels = [json.loads(line) for line in file.read_text().splitlines() if line]
        return cls(file.stem, head, labels)

    def files(self, practice: str) -> set[str]:
        """Return the files in which everything of a practice is labelled."""
        partial: dict[str, list[str]] = self.head.get("partial_files", {})
        some = {path for path, names in partial.items() if practice in names}
        return {*self.head["labelled_files"]} | some


def main() -> None:
    """Print the table, and the sums for defects and for the rest."""
    arguments = _arguments()
    scores: defaultdict[str, Score] = defaultdict(Score)
    for folder in arguments.labels:
        for file in sorted(folder.glob("*.jsonl")):
            labelled = Labelled.of(file)
            application = read(arguments.codebases / file.stem)
            only = [arguments.only] if arguments.only else []
            for name, practice in catalogue.select(only=only).items():
                places = [
                    place
                    for finding in practice.check(application)
                    for place in (finding.at, *finding.places)
                ]
                _count(scores[name], name, labelled, places)
    _print(scores, show=arguments.show)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("codebases", type=Path)
    parser.add_argument("labels", type=Path, nargs="+")
    parser.add_argument("--only", help="one practice")
    parser.add_argument("--show", action="store_true", help="list what was missed or is unlabelled")
    return parser.parse_args()


def _count(score: Score, practice: str, labelled: Labelled, places: list[Place]) -> None:
    positive = [label for label in labelled.labels if label.get("practice") == practice]
    negative = [label for label in labelled.labels if label.get("not") == practice]
    repository = labelled.repository
    for label in positive:
        doubtful = label.get("confidence", "high") != "high"
        found = any(_matches(place, label) for place in places)
        if doubtful:
            score.doubtful += 1
            score.doubtful_found += found
        else:
            score.labelled += 1
            score.found += found
        if not found:
            mark = "missed, doubtful" if doubtful else "missed"
            score.lines.append(f"{mark}: {_shown(repository, label)}")
    for label in negative:
        score.look_alikes += 1
        if any(_is_fooled(place, label, positive) for place in places):
            score.fooled += 1
            score.lines.append(f"look-alike: {_shown(repository, label)}")
    files = labelled.files(practice)
    for place in _unlabelled(places, [*positive, *negative], files):
        score.unlabelled += 1
        where = f"{repository} {place.path}:{place.line} {place.symbol}"
        score.lines.append(f"not labelled: {where}")


def _matches(place: Place, label: Label) -> bool:
    if place.path != label["file"]:
        return False
    lines = [label["line"], *label.get("also_lines", [])]
    if any(abs(place.line - line) <= _NEAR for line in lines):
        return True
    return label.get("symbol") is not None and place.symbol == label["symbol"]


def _is_fooled(place: Place, label: Label, positive: Iterable[Label]) -> bool:
    """Tell whether a finding is of a look-alike, and of no label in the same place."""
    if place.path != label["file"] or any(_matches(place, each) for each in positive):
        return False
    return _matches(place, label)


def _unlabelled(places: list[Place], labels: list[Label], files: set[str]) -> Iterator[Place]:
    for place in places:
        if place.path in files and not any(_matches(place, label) for label in labels):
            yield place


def _shown(repository: str, label: Label) -> str:
    return f"{repository} {label['file']}:{label['line']} {label.get('symbol')} — {label['why']}"


def _print(scores: dict[str, Score], *, show: bool) -> None:
    print(f"{'practice':44}{'found':>10}{'doubtful':>10}{'fooled':>8}{'unlabelled':>12}")
    sums: defaultdict[str, Score] = defaultdict(Score)
    for name, score in sorted(scores.items()):
        print(
            f"{name:44}{score.found:>5}/{score.labelled:<4}"
            f"{score.doubtful_found:>5}/{score.doubtful:<4}"
            f"{score.fooled:>4}/{score.look_alikes:<3}{score.unlabelled:>8}"
        )
        for line in score.lines if show else ():
            print(f"    {line}")
        kind = "defects" if catalogue.find(name).kind == "defect" else "risks and practices"
        sums[kind].found += score.found
        sums[kind].labelled += score.labelled
        sums[kind].fooled += score.fooled
    for kind, score in sums.items():
        share = score.found / score.labelled if score.labelled else 1
        print(
            f"{kind}: {score.found} of {score.labelled} labels found ({share:.0%}); "
            f"{score.fooled} look-alikes reported"
        )


if __name__ == "__main__":
    main()
