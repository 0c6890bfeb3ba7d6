"""One contestant in a process of its own, so that time and memory are its alone. Prints its outcome as JSON."""

from __future__ import annotations

import argparse
import dataclasses
import json
from pathlib import Path

from outcome import Clock, Outcome
from tables import Case, merged, read_case, read_model


def run(name: str, case: Case, threads: int, clock: Clock) -> Outcome:
    """Tools are imported here, so that each process holds only its own."""
    tool, _, way = name.partition("-")
    if tool == "linopy":
        import linopy_case

        if way == "merged":
            with clock.stage("build"):
                case = merged(case)
        return linopy_case.run(case, "ipm" if way == "ipm" else "simplex", threads, clock)
    if tool == "pulp":
        import pulp_case

        return pulp_case.run(case, way, threads, clock)
    if tool == "ortools":
        import flow_case

        return flow_case.run(case, clock)
    raise ValueError(f"no contestant is called {name}")


def main() -> None:
    """Reads, builds, solves and tells."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--areas", required=True)
    parser.add_argument("--reach", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()

    clock = Clock()
    with clock.stage("read"):
        case = read_case(read_model(arguments.model), arguments.data, arguments.areas, arguments.reach)
    outcome = run(arguments.name, case, arguments.threads, clock)
    outcome = dataclasses.replace(outcome, **clock.seconds)
    arguments.output.write_text(json.dumps(dataclasses.asdict(outcome)))


if __name__ == "__main__":
    main()
