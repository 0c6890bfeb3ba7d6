"""Writes results.md from the figures in results/*.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CASES = {
    "core": "the flow core: unmet need and journeys in one sum, eight nearest sites",
    "level": "the first level: unmet need, with councils' money, eight nearest sites",
    "core-all": "the flow core, all sites in reach",
    "level-all": "the first level, all sites in reach",
}
TOOLS = {
    "bedalloc": "bedalloc",
    "linopy": "linopy + HiGHS simplex",
    "linopy-ipm": "linopy + HiGHS interior point",
    "linopy-merged": "linopy + HiGHS simplex, areas merged",
    "pulp-highs": "PuLP + HiGHS simplex",
    "pulp-cbc": "PuLP + CBC",
    "ortools-flow": "OR-Tools min-cost flow",
}
#: Of the objective: what two linear programming codes may differ by.
TOLERANCE = 1e-6
HEAD = [
    "",
    "read s",
    "build s",
    "solve s",
    "(engine s)",
    "total s",
    "CPU s",
    "peak MiB",
    "objective",
    "− bedalloc",
    "allowed",
]


def allowed(reference: float, outcome: dict[str, Any]) -> float:
    """How far an objective may lie from bedalloc's."""
    return TOLERANCE * max(1.0, abs(reference)) + outcome["rounding"]


def disagreements(outcomes: dict[str, dict[str, Any]]) -> list[str]:
    """Contestants that found an optimum other than bedalloc's."""
    reference = outcomes.get("bedalloc", {}).get("objective")
    if reference is None:
        return []
    found = {name: outcome for name, outcome in outcomes.items() if outcome["objective"] is not None}
    return [n for n, o in found.items() if abs(o["objective"] - reference) > allowed(reference, o)]


def write(results: Path, output: Path) -> None:
    """One section for each resolution and case that was run."""
    lines = [
        "# Side by side: figures",
        "",
        "<!-- Written by benches/peers/run.sh from benches/peers/results/*.json: do not edit. -->",
        "",
        "What is compared, and how to read the columns: [README.md](README.md).",
    ]
    for areas in ("district", "msoa"):
        path = results / f"{areas}.json"
        runs = json.loads(path.read_text()) if path.exists() else {}
        for case in (name for name in CASES if name in runs):
            lines += _section(areas, case, runs[case])
    output.write_text("\n".join(lines) + "\n")


def _section(areas: str, case: str, run: dict[str, Any]) -> list[str]:
    outcomes, conditions = run["outcomes"], run["conditions"]
    reference = outcomes.get("bedalloc", {}).get("objective")
    lines = ["", f"## {areas}: {CASES[case]}", "", _row(HEAD), _row(["---"] + ["---:"] * (len(HEAD) - 1))]
    shown = [(name, outcomes[name]) for name in TOOLS if name in outcomes]
    lines += [_row(_cells(name, outcome, reference)) for name, outcome in shown]
    notes = [f"{TOOLS[name]}: {outcome['note']}." for name, outcome in outcomes.items() if outcome["note"]]
    for name in ("linopy", "linopy-merged"):
        if size := outcomes.get(name, {}).get("columns"):
            notes.append(f"Program of {TOOLS[name]}: {size:,} columns × {outcomes[name]['rows']:,} rows.")
    agreed = "Some do not agree: " + ", ".join(disagreements(outcomes)) if disagreements(outcomes) else ""
    notes.append(agreed or "All optima found agree with bedalloc's within what is allowed.")
    if len(runs := sorted({outcome["run"] for outcome in outcomes.values()})) > 1:
        notes.append(f"Not all of one run: {', '.join(runs)}.")
    notes += [f"{key}: {value}." for key, value in conditions.items()]
    return lines + [""] + [f"- {note}" for note in notes]


def _cells(name: str, outcome: dict[str, Any], reference: float | None) -> list[str]:
    seconds = [outcome[key] for key in ("read", "build", "solve", "engine", "total", "cpu")]
    cells = [TOOLS[name], *("" if s is None else f"{s:.2f}" for s in seconds)]
    cells.append("" if outcome["peak_mib"] is None else f"{outcome['peak_mib']:,.0f}")
    if outcome["objective"] is None:
        return [*cells, outcome["status"], "", ""]
    cells.append(f"{outcome['objective']:.6f}")
    if reference is None or name == "bedalloc":
        return [*cells, "", ""]
    return [*cells, f"{outcome['objective'] - reference:+.1e}", f"{allowed(reference, outcome):.1e}"]


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
