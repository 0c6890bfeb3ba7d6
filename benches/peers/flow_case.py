"""The flow core as a min-cost flow, solved by OR-Tools.

point -> pool -> sink with today's beds, pool -> site -> new beds -> sink with new ones, point -> sink for unmet need, all in
occupied beds. One cap for all makes a bed worth the same everywhere, which a flow needs; new beds need not be used, so that
all are given out is no further rule (sites have more room than there are new beds).
"""

from __future__ import annotations

import numpy as np
from ortools.graph.python import min_cost_flow

from outcome import Clock, Outcome
from tables import Case

#: Flows and costs are whole numbers: a millionth of an occupied bed, and a ten-millionth of the objective for one. Need is
#: tabled in millionths, so only room and costs are rounded.
FLOW_UNIT = 1e-6
COST_UNIT = 1e-7


def build(case: Case) -> tuple[min_cost_flow.SimpleMinCostFlow, np.ndarray]:
    """The network, and what an occupied bed on each arc costs before rounding."""
    if case.care:
        raise ValueError("councils' money cannot be put as a flow")
    if case.site_growth.sum() < case.new_beds:
        raise ValueError("sites have no room for all new beds")
    points, pools, sites = len(case.need), len(case.pool_beds), len(case.site_growth)
    pool, site = points + np.arange(pools), points + pools + np.arange(sites)
    new, sink = points + pools + sites, points + pools + sites + 1
    need = np.rint(case.need / FLOW_UNIT).astype(np.int64)

    def room(beds: np.ndarray | float) -> np.ndarray:
        return np.floor(case.cap * np.atleast_1d(beds) / FLOW_UNIT).astype(np.int64)

    growth = room(case.site_growth)
    tails = [case.arc_point, np.arange(points), pool, pool, site, [new]]
    heads = [pool[case.arc_pool], [sink] * points, [sink] * pools, site[case.pool_site], [new] * sites, [sink]]
    limits = [need[case.arc_point], need, room(case.pool_beds), growth[case.pool_site], growth, room(case.new_beds)]
    costs = np.concatenate([case.arc_cost, case.unmet_cost, np.zeros(2 * pools + sites + 1)])

    network = min_cost_flow.SimpleMinCostFlow()
    network.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(tails), np.concatenate(heads), np.concatenate(limits), np.rint(costs / COST_UNIT).astype(np.int64)
    )
    network.set_nodes_supplies(np.append(np.arange(points), sink), np.append(need, -need.sum()))
    return network, costs


def rounding(case: Case) -> float:
    """How far the objective of the rounded problem's best flow can lie from the linear program's.

    Rounding a cost moves it by half a unit at most, on the flow found and on the best one: together a unit for every
    occupied bed. A limit rounded down, or need by half a unit, moves at most that much between a bed and unmet need.
    """
    limits = 2 * len(case.pool_beds) + len(case.site_growth) + 1
    moved = FLOW_UNIT * (limits + 0.5 * len(case.need))
    return COST_UNIT * case.need.sum() + moved * case.unmet_cost.max()


def run(case: Case, clock: Clock) -> Outcome:
    """Builds and solves; the objective is that of the flow at costs that are not rounded."""
    with clock.stage("build"):
        network, costs = build(case)
    with clock.stage("solve"):
        status = network.solve()
        found = status == network.OPTIMAL
        objective = float(network.flows(np.arange(len(costs))) @ costs) * FLOW_UNIT if found else None
    return Outcome(
        objective=objective,
        columns=network.num_arcs(),
        rows=network.num_nodes(),
        rounding=rounding(case),
        status=status.name.lower(),
    )
