"""The program as bedalloc solves it: the whole command, with its own reading, travel times, reports and writing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from outcome import Outcome

READ = ("read the model", "find travel times")
BUILD = ("merge areas", "build the program")
#: Work that the others do not do. Every stage that is named in none of the three counts as solving.
BESIDES = ("settle ties", "comparator", "read the plan", "make the reports", "write the result")


def version(bedalloc: Path) -> str:
    """What the program says of itself."""
    return subprocess.run([bedalloc, "--version"], capture_output=True, text=True, check=True).stdout.strip()


def command(bedalloc: Path, model: Path, areas: str, threads: int, result: Path) -> list[str | Path]:
    """Solves the model into a result folder, without the ranges of regions."""
    options = ["--areas", areas, "--threads", str(threads), "--no-ranges", "--quiet"]
    return [bedalloc, "solve", model, *options, "--output", result]


def outcome(result: Path, weights: dict[str, float]) -> Outcome:
    """Reads stages and objective from the result folder."""
    manifest = json.loads((result / "manifest.json").read_text())
    summary = json.loads((result / "summary.json").read_text())
    stages = manifest["stages"]
    besides = _seconds(stages, BESIDES)
    read, build = _seconds(stages, READ), _seconds(stages, BUILD)
    solving = [stage for stage in stages if not stage["stage"].startswith(READ + BUILD + BESIDES)]
    told = ", ".join(f"{stage['stage']} {stage['seconds']:.1f} s" for stage in solving)
    return Outcome(
        objective=sum(weight * summary["objective"][term]["value"] for term, weight in weights.items()),
        read=read,
        build=build,
        solve=sum(stage["seconds"] for stage in solving),
        status=summary["status"],
        note=f"solving was {told}; total has {besides:.1f} s for simple rules to compare with and reports; "
        f"bound {summary['bound']:.6f}",
    )


def _seconds(stages: list[dict[str, Any]], names: tuple[str, ...]) -> float:
    return sum(stage["seconds"] for stage in stages if stage["stage"].startswith(names))
