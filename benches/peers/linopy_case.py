"""The program in linopy, solved by HiGHS."""

from __future__ import annotations

import linopy
import numpy as np
import pandas as pd

from outcome import Clock, Outcome
from tables import Care, Case


def _range(name: str, size: int) -> list[pd.Index]:
    return [pd.RangeIndex(size, name=name)]


def _sum_by(expression: linopy.LinearExpression, group: np.ndarray, over: str, name: str) -> linopy.LinearExpression:
    """Sums over the members of each group; groups without members are not there."""
    by = pd.Series(group, index=pd.RangeIndex(len(group), name=over), name=name)
    return expression.groupby(by).sum()


def build(case: Case) -> linopy.Model:
    """Demand balance, capacity, site growth and the pool; councils' money where the case has it."""
    m = linopy.Model()
    x = m.add_variables(lower=0, coords=_range("arc", len(case.arc_point)), name="x")
    u = m.add_variables(lower=0, coords=_range("point", len(case.need)), name="u")
    new = m.add_variables(lower=0, coords=_range("pool", len(case.pool_beds)), name="new")

    left = 1 * u
    if case.care:
        left = _with_release(m, left, case.care)
    need = pd.Series(case.need, index=pd.RangeIndex(len(case.need), name="point"))
    treated = _sum_by(1 * x, case.arc_point, "arc", "point")
    m.add_constraints(treated + left.sel(point=case.reached) == need.iloc[case.reached], name="balance")
    if len(case.out_of_reach):
        m.add_constraints(left.sel(point=case.out_of_reach) == need.iloc[case.out_of_reach], name="balance_out_of_reach")

    used = np.unique(case.arc_pool)
    today = pd.Series(case.cap * case.pool_beds, index=pd.RangeIndex(len(case.pool_beds), name="pool"))
    patients = _sum_by(1 * x, case.arc_pool, "arc", "pool")
    m.add_constraints(patients - case.cap * new.sel(pool=used) <= today.iloc[used], name="capacity")
    growth = pd.Series(case.site_growth, index=pd.RangeIndex(len(case.site_growth), name="site"))
    m.add_constraints(_sum_by(1 * new, case.pool_site, "pool", "site") <= growth, name="site_growth")
    m.add_constraints(new.sum() == case.new_beds, name="new_beds")

    arc_cost = pd.Series(case.arc_cost, index=pd.RangeIndex(len(case.arc_cost), name="arc"))
    unmet_cost = pd.Series(case.unmet_cost, index=pd.RangeIndex(len(case.unmet_cost), name="point"))
    objective = (u * unmet_cost).sum()
    if case.arc_cost.any():
        objective = objective + (x * arc_cost).sum()
    m.add_objective(objective)
    return m


def _with_release(m: linopy.Model, left: linopy.LinearExpression, care: Care) -> linopy.LinearExpression:
    """Adds councils' money; what stays unmet at each point, and what release takes off it."""
    release = m.add_variables(lower=0, upper=1, coords=_range("release", len(care.release_delay)), name="release")
    width = pd.Series(care.step_width, index=pd.RangeIndex(len(care.step_width), name="step"))
    spend = m.add_variables(lower=0, upper=width, coords=_range("step", len(width)), name="spend")
    pooled = m.add_variables(lower=0, coords=_range("council", len(care.free_money)), name="pooled")

    delay = pd.Series(care.release_delay, index=pd.RangeIndex(len(care.release_delay), name="release"))
    slope = pd.Series(care.step_slope, index=width.index)
    freed = _sum_by(release * delay, care.release_council, "release", "council")
    bought = _sum_by(spend * slope, care.step_council, "step", "council")
    council = pd.RangeIndex(len(care.free_money), name="council")
    m.add_constraints(freed - bought <= pd.Series(-care.freed_today, index=council), name="discharge")
    spent = _sum_by(1 * spend, care.step_council, "step", "council")
    m.add_constraints(spent - pooled <= pd.Series(care.free_money, index=council), name="budget")
    m.add_constraints(pooled.sum() <= care.pooled_fund, name="pooled_fund")

    # Every point gets a term; where there is no release its coefficient is nothing.
    points = pd.RangeIndex(len(care.point_release), name="point")
    of_point = (1 * release).sel(release=pd.Series(np.maximum(care.point_release, 0), index=points).to_xarray())
    return left + of_point.drop_vars("release") * pd.Series(care.point_delay, index=points)


def run(case: Case, algorithm: str, threads: int, clock: Clock) -> Outcome:
    """Builds and solves by HiGHS' `simplex` or `ipm` (with crossover, the default)."""
    with clock.stage("build"):
        m = build(case)
    with clock.stage("solve"):
        status, how = m.solve(
            solver_name="highs", io_api="direct", progress=False, solver=algorithm, threads=threads, output_flag=False
        )
    return Outcome(
        objective=float(m.objective.value) if status == "ok" else None,
        engine=m.solver_model.getRunTime() if m.solver_model else None,
        columns=m.nvars,
        rows=m.ncons,
        status=how,
    )
