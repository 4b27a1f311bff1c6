"""How many judged findings were right, by practice.

    python benchmarks/review/verdicts.py [CODEBASES]
    python benchmarks/review/verdicts.py --of benchmarks/review/unseen/round_f.jsonl

`verdicts/` holds what a person said of sampled findings: repository, commit, file, line, practice,
verdict and a reason. With CODEBASES, a folder of checkouts called `owner__name` at those commits,
each is reviewed again: a verdict on what is no longer found does not count, and is told.

`unseen/` holds rounds on codebases that nobody had looked at: each was judged before anything was
changed because of it, so its table is what a first sight of other code is worth. Practices were
mended between the rounds, so a later one tells more of the present; `--of` takes one or more.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path

from fastwright import catalogue
from fastwright.application.application import read

_FOLDER = Path(__file__).parent / "verdicts"
_GATES = {"defect": 0.95, "risk": 0.90, "practice": 0.90}

Verdict = dict[str, str]
# Of findings: codebase, practice, file, line.
Found = set[tuple[str, str, str, int]]


def main() -> None:
    """Print the table; end with 1 when a practice is below its gate."""
    parser = argparse.ArgumentParser(description="How many judged findings were right.")
    parser.add_argument("codebases", type=Path, nargs="?")
    parser.add_argument("--of", type=Path, nargs="+", help="files of verdicts, in place of those")
    asked = parser.parse_args()
    codebases = asked.codebases
    verdicts = [
        json.loads(line)
        for file in asked.of or sorted(_FOLDER.glob("*.jsonl"))
        for line in file.read_text().splitlines()
    ]
    if codebases:
        found = _findings(codebases, {each["repository"] for each in verdicts})
        gone = [each for each in verdicts if _key(each) not in found]
        for each in gone:
            print(
                f"no longer found: {each['practice']} {_folder(each)}/{each['file']}:{each['line']}"
            )
        verdicts = [each for each in verdicts if _key(each) in found]
    raise SystemExit(_table(verdicts))


def _table(verdicts: list[Verdict]) -> int:
    by_practice: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_practice[verdict["practice"]].append(verdict)
    below = 0
    print(f"{'practice':44}{'kind':10}{'judged':>7}{'right':>7}{'share':>7}{'codebases':>11}")
    for name, practice in catalogue.select().items():
        judged = by_practice[name]
        right = sum(each["verdict"] == "true" for each in judged)
        share = right / len(judged) if judged else 1.0
        below += share < _GATES[practice.kind]
        codebases = len({each["repository"] for each in judged})
        shown = f"{share:7.0%}" if judged else "      -"
        print(f"{name:44}{practice.kind:10}{len(judged):7}{right:7}{shown}{codebases:11}")
    return int(below > 0)


def _findings(codebases: Path, repositories: set[str]) -> Found:
    found: Found = set()
    for repository in sorted(repositories):
        folder = repository.replace("/", "__")
        application = read(codebases / folder)
        for name, practice in catalogue.select().items():
            for finding in practice.check(application):
                for place in (finding.at, *finding.places):
                    found.add((folder, name, place.path, place.line))
    return found


def _key(verdict: Verdict) -> tuple[str, str, str, int]:
    return _folder(verdict), verdict["practice"], verdict["file"], int(verdict["line"])


def _folder(verdict: Verdict) -> str:
    return verdict["repository"].replace("/", "__")


if __name__ == "__main__":
    main()
