"""The program in PuLP, solved by CBC or HiGHS."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pulp
from pulp import LpAffineExpression, LpConstraint, LpConstraintEQ, LpConstraintLE, LpVariable

from outcome import Clock, Outcome
from tables import Care, Case

Terms = list[tuple[LpVariable, float]]


def _variables(name: str, count: int, upper: Iterable[float] | None = None) -> list[LpVariable]:
    limits = list(upper) if upper is not None else [None] * count
    return [LpVariable(f"{name}_{i}", 0, limits[i]) for i in range(count)]


def _by(group: np.ndarray, count: int, variables: list[LpVariable], values: Iterable[float]) -> list[Terms]:
    """Terms of each group."""
    rows: list[Terms] = [[] for _ in range(count)]
    for g, variable, value in zip(group.tolist(), variables, values, strict=True):
        rows[g].append((variable, float(value)))
    return rows


def _add(lp: pulp.LpProblem, name: str, rows: list[Terms], sense: int, limits: np.ndarray) -> None:
    for i, (terms, limit) in enumerate(zip(rows, limits.tolist(), strict=True)):
        lp.addConstraint(LpConstraint(LpAffineExpression(terms), sense, f"{name}_{i}", limit))


def build(case: Case) -> pulp.LpProblem:
    """Demand balance, capacity, site growth and the pool; councils' money where the case has it."""
    lp = pulp.LpProblem("peers", pulp.LpMinimize)
    x = _variables("x", len(case.arc_point))
    u = _variables("u", len(case.need))
    new = _variables("new", len(case.pool_beds))
    costs = zip(x + u, case.arc_cost.tolist() + case.unmet_cost.tolist(), strict=True)
    lp.setObjective(LpAffineExpression([(variable, cost) for variable, cost in costs if cost != 0]))

    balance = _by(case.arc_point, len(case.need), x, np.ones(len(x)))
    for row, unmet in zip(balance, u, strict=True):
        row.append((unmet, 1.0))
    if case.care:
        _add_care(lp, case.care, balance)
    _add(lp, "balance", balance, LpConstraintEQ, case.need)

    capacity = _by(case.arc_pool, len(new), x, np.ones(len(x)))
    for row, beds in zip(capacity, new, strict=True):
        row.append((beds, -case.cap))
    _add(lp, "capacity", capacity, LpConstraintLE, case.cap * case.pool_beds)
    ones = np.ones(len(new))
    _add(lp, "site_growth", _by(case.pool_site, len(case.site_growth), new, ones), LpConstraintLE, case.site_growth)
    _add(lp, "new_beds", [[(beds, 1.0) for beds in new]], LpConstraintEQ, np.array([case.new_beds]))
    return lp


def _add_care(lp: pulp.LpProblem, care: Care, balance: list[Terms]) -> None:
    councils = len(care.free_money)
    release = _variables("release", len(care.release_delay), np.ones(len(care.release_delay)))
    spend = _variables("spend", len(care.step_width), care.step_width.tolist())
    pooled = _variables("pooled", councils)
    for row, r, delay in zip(balance, care.point_release.tolist(), care.point_delay.tolist(), strict=True):
        if r >= 0:
            row.append((release[r], delay))

    freed = _by(care.release_council, councils, release, care.release_delay)
    bought = _by(care.step_council, councils, spend, -care.step_slope)
    discharge = [a + b for a, b in zip(freed, bought, strict=True)]
    _add(lp, "discharge", discharge, LpConstraintLE, -care.freed_today)
    spent = _by(care.step_council, councils, spend, np.ones(len(spend)))
    budget = [row + [(received, -1.0)] for row, received in zip(spent, pooled, strict=True)]
    _add(lp, "budget", budget, LpConstraintLE, care.free_money)
    _add(lp, "pooled_fund", [[(p, 1.0) for p in pooled]], LpConstraintLE, np.array([care.pooled_fund]))


def run(case: Case, engine: str, threads: int, clock: Clock) -> Outcome:
    """Builds and solves by `cbc` or `highs`."""
    with clock.stage("build"):
        lp = build(case)
    solvers = {
        "cbc": lambda: pulp.PULP_CBC_CMD(msg=False, threads=threads),
        "highs": lambda: pulp.HiGHS(msg=False, threads=threads),
    }
    with clock.stage("solve"):
        status = lp.solve(solvers[engine]())
    model = getattr(lp, "solverModel", None)
    return Outcome(
        objective=pulp.value(lp.objective) if status == pulp.LpStatusOptimal else None,
        engine=model.getRunTime() if model is not None else None,
        columns=lp.numVariables(),
        rows=lp.numConstraints(),
        status=pulp.LpStatus[status].lower(),
    )
