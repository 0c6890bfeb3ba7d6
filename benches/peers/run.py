"""Runs all contestants on the same cases, one after another, and writes results.md."""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import platform
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import bedalloc_case
import report
from outcome import Outcome
from reach import check_known, write_reach
from tables import read_model

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "data" / "england-2019"
MODELS = HERE / "models"
LINEAR = ["linopy", "linopy-ipm", "pulp-highs", "pulp-cbc"]
CONTESTANTS = {
    "core": ["bedalloc", "ortools-flow", *LINEAR],
    "level": ["bedalloc", "linopy-merged", *LINEAR],
}


@dataclass(frozen=True)
class Settings:
    """What a run was asked for."""

    bedalloc: Path
    areas: str
    threads: int
    limit: float
    work: Path
    run: str


@dataclass(frozen=True)
class Usage:
    """What a process took: wall seconds, processor seconds, and peak MiB of the largest process in it."""

    total: float
    cpu: float
    peak_mib: float


def measured(command: list[str | Path], log: Path, limit: float) -> tuple[int, Usage]:
    """Runs a command in a session of its own, until the limit at most; its exit code and what it took."""
    start = time.perf_counter()
    with log.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, start_new_session=True)
        alarm = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
        alarm.start()
        _, status, usage = os.wait4(process.pid, 0)
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return process.returncode, Usage(time.perf_counter() - start, cpu, usage.ru_maxrss / 1024)


def contest(name: str, case: str, reach: Path, settings: Settings) -> Outcome:
    """One contestant on one case."""
    model, log = MODELS / f"{case}.yaml", settings.work / f"{case}-{name}.log"
    result = settings.work / f"{case}-{name}"
    if name == "bedalloc":
        command = bedalloc_case.command(settings.bedalloc, model, settings.areas, settings.threads, result)
    else:
        result.unlink(missing_ok=True)
        options = ["--areas", settings.areas, "--reach", reach, "--threads", str(settings.threads), "--output", result]
        command = [sys.executable, HERE / "contestant.py", name, "--model", model, "--data", DATA, *options]
    code, usage = measured(command, log, settings.limit)
    if code != 0:
        outcome = Outcome(status=f"stopped after {settings.limit:.0f} s" if code == -signal.SIGKILL else f"failed ({code})")
    elif name == "bedalloc":
        outcome = bedalloc_case.outcome(result, read_model(model)["objective"]["weights"])
    else:
        outcome = Outcome(**json.loads(result.read_text()))
    return replace(outcome, run=settings.run, **asdict(usage))


def conditions(settings: Settings) -> dict[str, str]:
    """The machine and the versions."""
    cpus = [line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1024**2
    tools = ", ".join(f"{t} {importlib.metadata.version(t)}" for t in ("linopy", "highspy", "PuLP", "ortools"))
    busy, kernel = os.getloadavg()[1], platform.release().split("-")[0]
    return {
        "Machine": f"{os.cpu_count()} cores ({cpus[0] if cpus else 'unknown'}), {memory:.1f} GiB, Linux {kernel}",
        "Versions": f"{bedalloc_case.version(settings.bedalloc)}, {tools}, Python {platform.python_version()}",
        "Last run": f"{settings.run}, once, {settings.threads} threads, nice {os.nice(0)}, "
        f"{busy:.1f} processes busy in the five minutes before (0 is a quiet machine)",
    }


def reach_of(case: str, settings: Settings) -> Path:
    """The table of minutes in reach, made once for each run."""
    _, _, scope = case.partition("-")
    suffix = f"-{scope}" if scope else ""
    reach = settings.work / f"reach{suffix}.csv"
    if not reach.exists():
        rows = write_reach(settings.bedalloc, MODELS / f"reach{suffix}.yaml", settings.areas, reach)
        known = check_known(reach, DATA / settings.areas / "travel_times.csv.gz")
        print(f"{rows:,} journeys in reach; {known:,} pairs have their measured minutes", flush=True)
    return reach


def run_case(case: str, only: list[str] | None, settings: Settings) -> bool:
    """All contestants on one case, or some, whose figures then replace their old ones; whether the optima agree."""
    reach, about = reach_of(case, settings), conditions(settings)
    kept = HERE / "results" / f"{settings.areas}.json"
    kept.parent.mkdir(exist_ok=True)
    figures: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    before = figures.get(case, {}).get("outcomes", {}) if only else {}
    outcomes = {}
    for name in CONTESTANTS[case.partition("-")[0]]:
        if only is not None and name not in only:
            outcomes |= {name: before[name]} if name in before else {}
            continue
        outcome = contest(name, case, reach, settings)
        outcomes[name] = asdict(outcome)
        told = outcome.status if outcome.objective is None else f"{outcome.objective:.6f}"
        print(f"{settings.areas} {case:9} {report.TOOLS[name]:38} {outcome.total:8.1f} s  {told}", flush=True)
        figures[case] = {"conditions": about, "outcomes": {**before, **outcomes}}
        kept.write_text(json.dumps(figures, indent=1) + "\n")
        report.write(kept.parent, HERE / "results.md")
    return not report.disagreements(outcomes)


def main() -> int:
    """Runs, keeps the figures, writes the page; 1 where optima do not agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("areas", choices=["district", "msoa"])
    parser.add_argument("cases", nargs="*", default=["core", "level"], help=f"of {', '.join(report.CASES)}")
    parser.add_argument("--only", nargs="+", choices=list(report.TOOLS), help="some contestants")
    parser.add_argument("--limit", type=float, default=1800, help="seconds after which a contestant is stopped")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--work", type=Path, required=True, help="folder for what need not be kept")
    arguments = parser.parse_args()
    if unknown := set(arguments.cases) - set(report.CASES):
        parser.error(f"no case is called {', '.join(sorted(unknown))}")

    bedalloc = Path(os.environ.get("BEDALLOC", HERE.parents[1] / "target/release/bedalloc")).resolve()
    work = arguments.work / arguments.areas
    work.mkdir(parents=True, exist_ok=True)
    for old in work.glob("reach*.csv"):
        old.unlink()
    run = datetime.datetime.now().isoformat(timespec="minutes")
    settings = Settings(bedalloc, arguments.areas, arguments.threads, arguments.limit, work, run)
    agreed = [run_case(case, arguments.only, settings) for case in arguments.cases]
    return int(not all(agreed))


if __name__ == "__main__":
    sys.exit(main())
