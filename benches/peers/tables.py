"""Reads a model file and the committed tables into arrays from which every contestant builds its program.

Nothing here comes from bedalloc but the travel minutes within reach (see `reach.py`): the committed tables do not hold the
estimated ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

DAYS_IN_YEAR = 365
MILLION = 1e6


@dataclass(frozen=True)
class Care:
    """Councils' money and the delay it releases. Money in £ million a year."""

    point_release: np.ndarray  #: release of each point, or -1 where it has none
    point_delay: np.ndarray  #: occupied beds of a point that its release can free
    release_council: np.ndarray  #: council of each release (a council and specialty)
    release_delay: np.ndarray  #: occupied beds that a release can free
    step_council: np.ndarray  #: council of each step of spending above the floors
    step_width: np.ndarray  #: money that fits on the step
    step_slope: np.ndarray  #: occupied beds freed by a £ million on the step
    freed_today: np.ndarray  #: by council: occupied beds that today's spend frees already
    free_money: np.ndarray  #: by council: budget less all floors
    pooled_fund: float  #: money that councils may be given between them


@dataclass(frozen=True)
class Case:
    """One program. A point is need of an area for a specialty, a pool the beds of a specialty at a site; arcs join them."""

    need: np.ndarray  #: occupied beds of each point
    unmet_cost: np.ndarray  #: objective for an occupied bed of the point left unmet
    arc_point: np.ndarray
    arc_pool: np.ndarray
    arc_cost: np.ndarray  #: objective for an occupied bed treated
    pool_site: np.ndarray
    pool_beds: np.ndarray  #: beds today
    site_growth: np.ndarray  #: most new beds of each site
    new_beds: float  #: new beds, all given out
    cap: float  #: share of beds that may be occupied
    care: Care | None

    @property
    def reached(self) -> np.ndarray:
        """Points with a site in reach, in order."""
        return np.unique(self.arc_point)

    @property
    def out_of_reach(self) -> np.ndarray:
        """Points without a site in reach, in order."""
        return np.setdiff1d(np.arange(len(self.need)), self.arc_point)


def read_model(path: Path) -> dict[str, Any]:
    """A model file with those it extends: blocks merged key by key, `~` takes a key away."""
    model = yaml.safe_load(path.read_text())
    if "extends" in model:
        model = _merged(read_model(path.parent / model.pop("extends")), model)
    return model


def _merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in changes.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = _merged(result[key], value)
        else:
            result[key] = value
    return result


def read_case(model: dict[str, Any], data: Path, areas: str, reach: Path) -> Case:
    """Reads the tables of `data`, with those of one resolution of areas, as the settings of `model` say."""
    text = {"area": str, "site": str, "specialty": str, "council": str}
    points = pd.read_csv(data / areas / "need_revealed.csv.gz", dtype=text).query("occupied_beds > 0")
    points = points.sort_values(["area", "specialty"], ignore_index=True)
    area_council = pd.read_csv(data / areas / "areas.csv.gz", dtype=text).set_index("area").council
    points["council"] = points.area.map(area_council)
    pools = pd.read_csv(data / "beds.csv", dtype=text)
    arcs = pd.read_csv(reach, dtype=text)

    site, sites = pd.factorize(pools.site)
    arc_point = _positions(points, ["area", "specialty"], arcs)
    arc_minutes = arcs.minutes.to_numpy()
    weights = model["objective"]["weights"]
    travel = weights.get("travel", 0.0)
    nearest = _nearest(points, arc_point, arc_minutes, model["reach"])
    return Case(
        need=points.occupied_beds.to_numpy(),
        unmet_cost=weights["unmet"] + travel * _weighted_minutes(nearest, model["reach"]),
        arc_point=arc_point,
        arc_pool=_positions(pools, ["site", "specialty"], arcs),
        arc_cost=travel * _weighted_minutes(arc_minutes, model["reach"]),
        pool_site=site,
        pool_beds=pools.available_beds.to_numpy(),
        site_growth=model["sites"]["growth_limit"] * np.bincount(site, pools.available_beds, len(sites)),
        new_beds=float(model["new_beds"]["total"]),
        cap=model["occupancy"]["cap"],
        care=_read_care(model["social_care"], data, points) if "social_care" in model else None,
    )


def _positions(table: pd.DataFrame, keys: list[str], wanted: pd.DataFrame) -> np.ndarray:
    """The row of `table` for each row of `wanted`."""
    found = pd.MultiIndex.from_frame(table[keys]).get_indexer(pd.MultiIndex.from_frame(wanted[keys]))
    if (found < 0).any():
        raise ValueError(f"{(found < 0).sum()} rows in reach are not in the table of {keys}")
    return found


def _nearest(points: pd.DataFrame, arc_point: np.ndarray, minutes: np.ndarray, reach: dict[str, Any]) -> np.ndarray:
    """Minutes to each point's nearest site in reach; where there is none, the travel limit."""
    nearest = np.full(len(points), np.inf)
    np.minimum.at(nearest, arc_point, minutes)
    limits = points.specialty.map(reach.get("specialties", {})).fillna(reach["limit_minutes"])
    return np.where(np.isinf(nearest), limits, nearest)


def _weighted_minutes(minutes: np.ndarray, reach: dict[str, Any]) -> np.ndarray:
    """Minutes over the free ones, and those over the second limit once more as its factor says."""
    steep = (reach["steep_factor"] - 1) * np.maximum(minutes - reach["steep_after_minutes"], 0)
    return np.maximum(minutes - reach["free_minutes"], 0) + steep


def _read_care(settings: dict[str, Any], data: Path, points: pd.DataFrame) -> Care:
    text = {"council": str, "specialty": str}
    councils = pd.read_csv(data / "councils.csv", dtype=text)
    spend = pd.read_csv(data / "social_care.csv", dtype=text)
    delays = pd.read_csv(data / "delays.csv", dtype=text)
    index = pd.Index(councils.council)

    releases = points.groupby(["council", "specialty"], as_index=False).occupied_beds.sum()
    releases = releases.merge(delays, how="inner", on=["council", "specialty"])
    share = settings["touchable_share"] * (1 - settings["irreducible_share"])
    releases["delay"] = np.minimum(share * releases.delayed_beds, releases.occupied_beds)
    releases = releases[releases.delay > 0].reset_index(drop=True)
    release_council = index.get_indexer(releases.council)
    delay = np.bincount(release_council, releases.delay, len(index))

    keys = ["council", "specialty"]
    release = pd.MultiIndex.from_frame(releases[keys]).get_indexer(pd.MultiIndex.from_frame(points[keys]))
    share_delayed = (releases.delay / releases.occupied_beds).to_numpy()
    point_delay = np.where(release >= 0, share_delayed[release] * points.occupied_beds, 0.0)

    floor = spend.service.map(settings["floors"]).fillna(1.0)
    spend_council = index.get_indexer(spend.council)
    above = (spend.spend_gbp * (1 - floor) / MILLION).to_numpy()
    costs = np.array([step["cost"] * DAYS_IN_YEAR / MILLION for step in settings["discharge_curve"]])
    shares = np.array([step["share"] for step in settings["discharge_curve"]])
    # What lies above the floor today comes first; where the service releases delay, it does as well as the first step.
    above_slope = np.where(spend.service == settings["releasing_service"], 1 / costs[0], 0.0)
    every = np.arange(len(index))
    return Care(
        point_release=release,
        point_delay=point_delay,
        release_council=release_council,
        release_delay=releases.delay.to_numpy(),
        step_council=np.concatenate([spend_council, np.repeat(every, len(costs))]),
        step_width=np.concatenate([above, np.outer(delay, shares * costs).ravel()]),
        step_slope=np.concatenate([above_slope, np.tile(1 / costs, len(index))]),
        freed_today=np.bincount(spend_council, above * above_slope, len(index)),
        free_money=(councils.budget_gbp / MILLION).to_numpy()
        - np.bincount(spend_council, spend.spend_gbp * floor / MILLION, len(index)),
        pooled_fund=settings["pooled_fund"] / MILLION,
    )


def merged(case: Case) -> Case:
    """The same program with points merged that it cannot tell apart: same cost, release and pools.

    Exact, since a plan for the sum splits in proportion to need. Only programs that do not look at minutes have many.
    """
    order = np.lexsort((case.arc_pool, case.arc_point))
    reached, first = np.unique(case.arc_point[order], return_index=True)
    release = case.care.point_release if case.care else np.zeros(len(case.need), int)
    words = [b""] * len(case.need)
    arcs = np.stack([case.arc_pool[order].astype(float), case.arc_cost[order]], axis=1)
    for point, block in zip(reached, np.split(arcs, first[1:]), strict=True):
        words[point] = block.tobytes()
    table = pd.DataFrame({"pools": words, "release": release, "unmet_cost": case.unmet_cost})
    group = table.groupby(["pools", "release", "unmet_cost"], sort=False).ngroup().to_numpy()
    _, kept = np.unique(group, return_index=True)
    keep_arc = np.isin(case.arc_point, kept)
    care = case.care and Care(
        **{
            **vars(case.care),
            "point_release": case.care.point_release[kept],
            "point_delay": np.bincount(group, case.care.point_delay),
        }
    )
    return Case(
        **{
            **vars(case),
            "need": np.bincount(group, case.need),
            "unmet_cost": case.unmet_cost[kept],
            "arc_point": group[case.arc_point[keep_arc]],
            "arc_pool": case.arc_pool[keep_arc],
            "arc_cost": case.arc_cost[keep_arc],
            "care": care,
        }
    )
