"""The travel minutes within reach, by area, site and specialty, from `bedalloc export`.

The tables hold measured minutes; those of pairs without a measurement are estimates through a graph, which no command
writes as a table. `models/reach.yaml` makes each minute cost one, so the costs of the exported program are the minutes.
"""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import pandas as pd


def write_reach(bedalloc: Path, model: Path, areas: str, output: Path) -> int:
    """Writes area, site, specialty and minutes as CSV; returns the number of rows."""
    command = [bedalloc, "export", model, "--areas", areas, "--format", "json", "--quiet"]
    rows = 0
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as export,
        output.open("w", newline="") as file,
    ):
        assert export.stdout is not None
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["area", "site", "specialty", "minutes"])
        for line in export.stdout:
            if line.startswith('{"family":"Treated"'):
                column = json.loads(line.rstrip(",\n"))
                of = column["members"]
                table.writerow([of["area"], of["site"], of["specialty"], column["cost"]])
                rows += 1
    if export.returncode != 0:
        raise RuntimeError(f"`bedalloc export` ended with {export.returncode}")
    return rows


def check_known(reach: Path, travel_times: Path) -> int:
    """Fails unless every pair in reach that the tables give a measured time has just that time; returns how many do."""
    text = {"area": str, "site": str}
    in_reach = pd.read_csv(reach, dtype=text)[["area", "site", "minutes"]].drop_duplicates()
    times = pd.read_csv(travel_times, dtype=text).query("source == 'known'")
    both = in_reach.merge(times, on=["area", "site"], suffixes=("", "_known"))
    wrong = both[(both.minutes - both.minutes_known).abs() > 1e-9]
    if len(wrong):
        raise ValueError(f"{len(wrong)} pairs are not as measured:\n{wrong.head()}")
    return len(both)
