//! The rules outside the demand points, restated as rows and columns.
//!
//! Money is in £ million a year. Patients' columns (treated, unmet) are not here: a demand point's best
//! choice is worked out directly in [`super::bound`].

use super::feasibility::lies_in;
use super::parameters::Parameters;
use super::prices::RowKey;
use super::sites::OpenSites;
use crate::domain::index::{CommissionerIx, CouncilIx, ProgrammeIx, ServiceIx, SpecialtyIx};
use crate::domain::policy::Term;
use crate::domain::system::SiteKind;

use std::collections::HashMap;

/// A row and the interval it must lie in.
#[derive(Debug, Clone)]
pub struct Row {
    /// Which constraint.
    pub key: RowKey,
    /// Least and greatest value.
    pub bounds: (f64, f64),
}

/// What a column stands for, where the proof treats it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Nothing special.
    Plain,
    /// Released share of a council's delay for a specialty in a period: it also eases demand balances.
    Released(CouncilIx, SpecialtyIx, usize),
    /// Roll-out of a programme by a commissioner in a period: it eases demand balances too.
    RolledOut(ProgrammeIx, CommissionerIx, usize),
    /// Beds of a stock in a period: they also bring forth need.
    Open(usize, usize),
    /// New beds of a stock in a period (0), or beds moved there: 1 and the position in [`super::files::MOVES`].
    Beds(usize, usize, usize),
    /// Unmet share of a group in a period.
    GroupShare(usize, usize),
    /// The worst unmet share in a period.
    Worst,
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// What it stands for.
    pub role: Role,
    /// Least and greatest value.
    pub bounds: (f64, f64),
    /// Its places in objective terms.
    pub costs: Vec<(Term, f64)>,
    /// Rows it enters, with coefficients.
    pub entries: Vec<(usize, f64)>,
}

/// All rows and columns outside the demand points.
#[derive(Debug, Default)]
pub struct Program {
    /// Rows.
    pub rows: Vec<Row>,
    /// Columns.
    pub columns: Vec<Column>,
    at: HashMap<RowKey, usize>,
}

impl Program {
    /// Restates the rules, for the sites that are open.
    pub fn new(p: &Parameters, open: &OpenSites) -> Self {
        let mut program = Self::default();
        for period in 0..p.periods() {
            program.add_bed_rows(p, period);
            program.add_care_rows(p, period);
            program.add_equity_rows(p, period);
            program.add_measure_rows(p, period);
            program.add_move_rows(p, period);
            program.add_site_rows(p, period);
            program.add_precedence_rows(p, period);
        }
        for period in 0..p.periods() {
            program.add_bed_columns(p, period);
            program.add_care_columns(p, period);
            program.add_equity_columns(p, period);
            program.add_measure_columns(p, period);
            program.add_move_columns(p, period);
            program.add_site_columns(p, open, period);
        }
        program.add_worst_tail(p);
        program
    }
    /// The position of a row; `None` where the model has no such constraint.
    pub fn row(&self, key: RowKey) -> Option<usize> {
        self.at.get(&key).copied()
    }

    pub(super) fn add_row(&mut self, key: RowKey, lower: f64, upper: f64) {
        self.at.insert(key, self.rows.len());
        self.rows.push(Row { key, bounds: (lower, upper) });
    }
    pub(super) fn add_column(
        &mut self,
        role: Role,
        bounds: (f64, f64),
        costs: Vec<(Term, f64)>,
        entries: impl IntoIterator<Item = (RowKey, f64)>,
    ) {
        let entries = entries.into_iter().filter_map(|(key, value)| Some((self.row(key)?, value))).collect();
        self.columns.push(Column { role, bounds, costs, entries });
    }

    fn add_bed_rows(&mut self, p: &Parameters, t: usize) {
        let policy = &p.system.policy;
        for (stock, key) in p.stocks.iter().enumerate() {
            self.add_row(RowKey::BedCapacity(stock, t), f64::NEG_INFINITY, 0.0);
            let today = if p.beds_from(t).is_none() { p.system.beds[key].available.0 } else { 0.0 };
            self.add_row(RowKey::BedStock(stock, t), today, today);
        }
        if p.opens(t) {
            let pool = p.pool_until(t);
            self.add_row(RowKey::NewBedPool(t), if policy.pool.must_spend { pool } else { 0.0 }, pool);
        }
        // Agreements and pins bind the whole plan; their one row stands at the last wave.
        if t == p.last_opening() {
            for (at, agreement) in policy.agreements.iter().enumerate() {
                let least = agreement.min.map_or(f64::NEG_INFINITY, |beds| beds.0);
                let most = agreement.max.map_or(f64::INFINITY, |beds| beds.0);
                self.add_row(RowKey::Agreement(at, t), least, most);
            }
            for (at, pin) in policy.pins.iter().enumerate() {
                self.add_row(RowKey::Pin(at, t), pin.beds.0, pin.beds.0);
            }
        }
        let acute = p.system.sites.iter().filter(|(_, _, place)| place.kind == SiteKind::Acute);
        for (site, _, _) in acute.filter(|(site, ..)| !p.is_choice(*site)) {
            let (least, most) = (p.smallest(site), p.largest(site));
            if least.is_finite() || most.is_finite() {
                self.add_row(RowKey::SiteSize(site, t), least, most);
            }
        }
    }

    /// Beds open are no more than today's with those that can be moved there and the whole pool: the stock
    /// rows say so, and the bound needs an end to the interval.
    fn add_bed_columns(&mut self, p: &Parameters, t: usize) {
        let policy = &p.system.policy;
        let pool = policy.pool.total.0;
        for (stock, &(site, specialty)) in p.stocks.iter().enumerate() {
            let region = p.system.sites[site].region;
            let mut open = vec![
                (RowKey::BedCapacity(stock, t), -p.caps[stock]),
                (RowKey::BedStock(stock, t), 1.0),
                (RowKey::SiteSize(site, t), 1.0),
                (RowKey::FreedLimit(stock, t), -p.freed_per_bed(stock)),
                (RowKey::NurseLimit(region, t), policy.staff.get(&region).map_or(0.0, |staff| staff.per_bed)),
            ];
            open.extend(p.based_on(t).map(|later| (RowKey::BedStock(stock, later), -1.0)));
            open.extend(Self::limit_entries(p, stock, t));
            open.extend(Self::site_entries(p, stock, t));
            self.add_column(Role::Open(stock, t), (0.0, p.most_beds(stock)), Vec::new(), open);
            if !p.opens(t) {
                continue;
            }
            let last = p.last_opening();
            let mut new = vec![(RowKey::BedStock(stock, t), -1.0)];
            new.extend((t..p.periods()).map(|later| (RowKey::NewBedPool(later), 1.0)));
            for (at, agreement) in policy.agreements.iter().enumerate() {
                if lies_in(p, site, agreement.scope) {
                    new.push((RowKey::Agreement(at, last), 1.0));
                }
            }
            for (at, pin) in policy.pins.iter().enumerate() {
                if pin.site == site && pin.specialty.is_none_or(|pinned| pinned == specialty) {
                    new.push((RowKey::Pin(at, last), 1.0));
                }
            }
            new.push((RowKey::CapitalLimit(t), policy.costs.capital_per_bed.0 / 1e6));
            let running = policy.costs.bed_equivalent().0 / 1e6;
            new.extend((t..p.periods()).map(|later| (RowKey::RevenueLimit(later), running)));
            let bed_years = policy.costs.bed_year().0 / 1e6 * p.waves_from(t) as f64;
            self.add_column(Role::Beds(stock, t, 0), (0.0, pool), vec![(Term::Cost, bed_years)], new);
        }
    }

    fn add_care_rows(&mut self, p: &Parameters, t: usize) {
        let Some(care) = &p.system.policy.social_care else { return };
        for (council, _, place) in p.system.councils.iter() {
            let today = p.released_today(council, t);
            self.add_row(RowKey::Discharge(council, t), f64::NEG_INFINITY, -today);
            let services = p.system.services.indices();
            let floors: f64 = services.map(|service| p.floor(council, service)).sum();
            let free = place.budget.0 / 1e6 - floors;
            self.add_row(RowKey::CouncilBudget(council, t), f64::NEG_INFINITY, free);
            for service in p.system.services.indices() {
                let key = RowKey::MoneyBalance(council, service, t);
                self.add_row(key, p.above_floor(council, service), f64::INFINITY);
            }
        }
        self.add_row(RowKey::PooledFund(t), f64::NEG_INFINITY, care.pooled_fund.0 / 1e6);
    }

    fn add_care_columns(&mut self, p: &Parameters, t: usize) {
        let Some(care) = &p.system.policy.social_care else { return };
        let fund = care.pooled_fund.0 / 1e6;
        for council in p.system.councils.indices() {
            let pooled = [
                (RowKey::CouncilBudget(council, t), -1.0),
                (RowKey::PooledFund(t), 1.0),
                (RowKey::RevenueLimit(t), 1.0),
            ];
            self.add_column(Role::Plain, (0.0, fund), Vec::new(), pooled);
            for specialty in p.system.specialties.indices() {
                let delay = p.delay_in(t, council, specialty);
                if delay > 0.0 {
                    let role = Role::Released(council, specialty, t);
                    let mut entries = Self::precedence_of_released(p, council, specialty, t);
                    entries.push((RowKey::Discharge(council, t), delay));
                    self.add_column(role, (0.0, 1.0), Vec::new(), entries);
                }
            }
            for service in p.system.services.indices() {
                self.add_service_columns(p, council, service, t);
            }
        }
    }

    /// Money moved never needs to be more than what today's spend has above its floor: more would only
    /// cost more.
    fn add_service_columns(&mut self, p: &Parameters, council: CouncilIx, service: ServiceIx, t: usize) {
        let balance = RowKey::MoneyBalance(council, service, t);
        for step in p.steps(council, service, t) {
            let spend = [
                (RowKey::Discharge(council, t), -step.slope),
                (RowKey::CouncilBudget(council, t), 1.0),
                (balance, 1.0),
            ];
            self.add_column(Role::Plain, (0.0, step.width), vec![(Term::Cost, p.likely(t))], spend);
        }
        let per_bed = p.system.policy.costs.bed_equivalent().0 / 1e6;
        let most = p.above_floor(council, service);
        let moved = vec![(Term::Disruption, p.likely(t) / per_bed)];
        self.add_column(Role::Plain, (0.0, most), moved, [(balance, 1.0)]);
    }

    /// Where the worst tail of the scenarios counts: what each leaves unmet is within a threshold and
    /// an excess of its own. None of these needs to be more than all need.
    fn add_worst_tail(&mut self, p: &Parameters) {
        let Some(tail) = p.system.worst_tail() else { return };
        let weighted = |t| (0..p.points.len()).map(|at| p.need(t, at) * p.points[at].weight).sum::<f64>();
        let most = (0..p.periods()).map(weighted).sum::<f64>() * p.largest_share();
        let scenarios: Vec<usize> = (0..p.periods()).filter(|&t| p.period(t).wave == 0).collect();
        for &t in &scenarios {
            self.add_row(RowKey::ScenarioLoss(t), f64::NEG_INFINITY, 0.0);
        }
        let all = scenarios.iter().map(|&t| (RowKey::ScenarioLoss(t), -1.0));
        self.add_column(Role::Plain, (0.0, most), vec![(Term::Unmet, tail.weight.0)], all);
        for &t in &scenarios {
            let cost = vec![(Term::Unmet, tail.weight.0 * p.likely(t) / tail.part.0)];
            self.add_column(Role::Plain, (0.0, most), cost, [(RowKey::ScenarioLoss(t), -1.0)]);
        }
    }

    fn add_equity_rows(&mut self, p: &Parameters, t: usize) {
        if !p.equity() {
            return;
        }
        for &group in &p.groups {
            self.add_row(RowKey::GroupUnmet(group, t), 0.0, 0.0);
            self.add_row(RowKey::UnmetCeiling(group, t), f64::NEG_INFINITY, 0.0);
        }
    }

    fn add_equity_columns(&mut self, p: &Parameters, t: usize) {
        if !p.equity() {
            return;
        }
        for &group in &p.groups {
            let need = p.group_need(t, group);
            let share = [(RowKey::GroupUnmet(group, t), -need), (RowKey::UnmetCeiling(group, t), 1.0)];
            self.add_column(Role::GroupShare(group, t), (0.0, p.largest_share()), Vec::new(), share);
        }
        let worst: Vec<_> = p.groups.iter().map(|&group| (RowKey::UnmetCeiling(group, t), -1.0)).collect();
        self.add_column(Role::Worst, (0.0, p.largest_share()), vec![(Term::Inequality, p.likely(t))], worst);
    }
}
