//! Closure precedence restated: room that closes against what was provided before.

use super::files::Results;
use super::parameters::Parameters;
use super::plan::PlanSums;
use super::prices::RowKey;
use super::program::Program;
use super::report::{Check, Tally};
use crate::domain::{CommissionerIx, CouncilIx, ProgrammeIx, SiteIx, SpecialtyIx};
use std::collections::BTreeMap;

impl Parameters<'_> {
    /// The period whose provision lets beds close in a period; `None` where there was none before.
    fn provision_for(&self, period: usize) -> Option<usize> {
        let waves = (0..self.periods()).map(|t| self.period(t).wave).max().unwrap_or(0) + 1;
        if waves == 1 {
            return Some(period);
        }
        let now = self.period(period);
        (0..self.periods())
            .find(|&t| self.period(t).wave + 1 == now.wave && self.period(t).scenario == now.scenario)
    }
    /// The periods whose closures are held against the provision of a period.
    fn provided_for_by(&self, period: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.periods()).filter(move |&later| self.provision_for(later) == Some(period))
    }
    fn commissioner_of_stock(&self, stock: usize) -> CommissionerIx {
        self.system.sites[self.stocks[stock].0].commissioner
    }
    fn commissioner_of_point(&self, point: usize) -> CommissionerIx {
        self.system.areas[self.points[point].area].commissioner
    }
    /// Acute occupied beds for which one step-down bed provides.
    fn provided_by_step_down(&self) -> f64 {
        self.substitution() * self.step_down_cap()
    }
}

/// Room closed so far is no more than what was provided; nothing where the rule is off.
pub fn check(p: &Parameters, results: &Results, sums: &PlanSums) -> Vec<Check> {
    if !p.system.policy.closure_precedence {
        return Vec::new();
    }
    let mut tally = Tally::new("closures after provision", "occupied beds");
    for period in 0..p.periods() {
        let mut closed: BTreeMap<CommissionerIx, f64> = BTreeMap::new();
        for (&(t, stock), row) in &results.allocation {
            if p.opens(t) && p.period(t).wave <= p.period(period).wave {
                *closed.entry(p.commissioner_of_stock(stock)).or_default() += p.caps[stock] * row.moved[4];
            }
        }
        let mut provided: BTreeMap<CommissionerIx, f64> = BTreeMap::new();
        if let Some(before) = p.provision_for(period) {
            for at in 0..p.points.len() {
                *provided.entry(p.commissioner_of_point(at)).or_default() +=
                    sums.released[before][at] + sums.prevented[before][at];
            }
            for &site in &p.community {
                let (nhs, council) = results.measures.opened_until(before, |other| other == site);
                *provided.entry(p.system.sites[site].commissioner).or_default() +=
                    (nhs + council) * p.provided_by_step_down();
            }
        }
        for (commissioner, closed) in closed {
            let provided = provided.get(&commissioner).copied().unwrap_or(0.0);
            tally.see(closed - provided, closed, || {
                let name = &p.system.commissioners[commissioner].name;
                format!("{name}{}: room for {closed} closed, {provided} provided", p.period_words(period))
            });
        }
    }
    vec![tally.done()]
}

impl Program {
    /// A row for each commissioner with beds that may close.
    pub(super) fn add_precedence_rows(&mut self, p: &Parameters, t: usize) {
        if !p.system.policy.closure_precedence {
            return;
        }
        let mut commissioners: Vec<_> =
            (0..p.stocks.len()).filter(|&at| p.may_shut(at)).map(|at| p.commissioner_of_stock(at)).collect();
        commissioners.sort_unstable();
        commissioners.dedup();
        for commissioner in commissioners {
            self.add_row(RowKey::ClosurePrecedence(commissioner, t), f64::NEG_INFINITY, 0.0);
        }
    }

    /// Entries of the column of beds closed in a period: they stay closed.
    pub(super) fn precedence_of_closed(p: &Parameters, stock: usize, t: usize) -> Vec<(RowKey, f64)> {
        let later = (0..p.periods()).filter(|&later| p.period(later).wave >= p.period(t).wave);
        let commissioner = p.commissioner_of_stock(stock);
        later.map(|later| (RowKey::ClosurePrecedence(commissioner, later), p.caps[stock])).collect()
    }

    /// Entries of the column of a released share.
    pub(super) fn precedence_of_released(
        p: &Parameters,
        council: CouncilIx,
        specialty: SpecialtyIx,
        t: usize,
    ) -> Vec<(RowKey, f64)> {
        let mine = |at: &usize| p.points[*at].council == council && p.points[*at].specialty == specialty;
        provided(p, t, mine, |at| p.need(t, at) * p.points[at].delayed_share)
    }

    /// Entries of the column of a roll-out.
    pub(super) fn precedence_of_rolled_out(
        p: &Parameters,
        programme: ProgrammeIx,
        commissioner: CommissionerIx,
        t: usize,
    ) -> Vec<(RowKey, f64)> {
        let mine = |at: &usize| p.commissioner_of_point(*at) == commissioner;
        provided(p, t, mine, |at| p.need(t, at) * p.preventable(programme, p.points[at].specialty))
    }

    /// Entries of the columns of step-down beds opened in a period: they stay open.
    pub(super) fn precedence_of_opened(p: &Parameters, site: SiteIx, t: usize) -> Vec<(RowKey, f64)> {
        let commissioner = p.system.sites[site].commissioner;
        let open = (0..p.periods()).filter(|&later| p.period(later).wave >= p.period(t).wave);
        let rows = open.flat_map(|later| p.provided_for_by(later));
        rows.map(|row| (RowKey::ClosurePrecedence(commissioner, row), -p.provided_by_step_down())).collect()
    }
}

/// What some points' provision in a period adds to the rows that it counts in.
fn provided(
    p: &Parameters,
    t: usize,
    mine: impl Fn(&usize) -> bool,
    beds: impl Fn(usize) -> f64,
) -> Vec<(RowKey, f64)> {
    if !p.system.policy.closure_precedence {
        return Vec::new();
    }
    let mut sums: BTreeMap<CommissionerIx, f64> = BTreeMap::new();
    for at in (0..p.points.len()).filter(mine) {
        *sums.entry(p.commissioner_of_point(at)).or_default() += beds(at);
    }
    let rows = || p.provided_for_by(t);
    sums.into_iter()
        .flat_map(|(q, beds)| rows().map(move |row| (RowKey::ClosurePrecedence(q, row), -beds)))
        .collect()
}
