//! Step-down, prevention, shorter stays, money and nurses, restated as rows and columns.

use super::parameters::Parameters;
use super::prices::RowKey;
use super::program::{Program, Role};
use crate::domain::SiteIx;
use crate::domain::policy::Term;

const NO_LIMIT: f64 = f64::NEG_INFINITY;

impl Program {
    /// Rows of one period.
    pub(super) fn add_measure_rows(&mut self, p: &Parameters, t: usize) {
        let policy = &p.system.policy;
        for &site in &p.community {
            self.add_row(RowKey::StepDownCapacity(site, t), NO_LIMIT, 0.0);
            let today = if p.beds_from(t).is_none() { p.system.community[&site].available.0 } else { 0.0 };
            self.add_row(RowKey::StepDownStock(site, t), today, today);
        }
        for point in 0..p.points.len() {
            if let Some(most) = p.fit_for_step_down(t, point) {
                self.add_row(RowKey::StepDownShare(point, t), NO_LIMIT, most);
            }
        }
        if let Some(rule) = policy.step_down.as_ref().filter(|_| p.opens(t) && !p.community.is_empty()) {
            self.add_row(RowKey::StepDownPool(t), NO_LIMIT, rule.new_beds.0);
        }
        if let Some(rule) = policy.prevention {
            if let Some(budget) = rule.budget {
                self.add_row(RowKey::PreventionBudget(t), NO_LIMIT, budget.0 / 1e6);
            }
            for (programme, commissioner) in p.roll_outs().into_iter().filter(|_| p.beds_from(t).is_some()) {
                let most = if p.opens(t) { rule.ramp.0 } else { 0.0 };
                self.add_row(RowKey::RollOutStep(programme, commissioner, t), 0.0, most);
            }
        }
        if let Some(rule) = policy.bed_management {
            for stock in 0..p.stocks.len() {
                self.add_row(RowKey::FreedLimit(stock, t), NO_LIMIT, 0.0);
            }
            if let Some(budget) = rule.budget {
                self.add_row(RowKey::BedManagementBudget(t), NO_LIMIT, budget.0 / 1e6);
            }
        }
        let (capital, revenue) = p.money(t);
        let revenue = revenue + p.fixed_today();
        let capital = if p.opens(t) { capital } else { f64::INFINITY };
        for (key, limit) in [(RowKey::CapitalLimit(t), capital), (RowKey::RevenueLimit(t), revenue)] {
            if limit.is_finite() {
                self.add_row(key, NO_LIMIT, limit);
            }
        }
        for (&region, staff) in &policy.staff {
            self.add_row(RowKey::NurseLimit(region, t), NO_LIMIT, staff.nurses.0);
        }
    }

    /// Columns of one period.
    pub(super) fn add_measure_columns(&mut self, p: &Parameters, t: usize) {
        for &site in &p.community {
            self.add_step_down_columns(p, site, t);
        }
        self.add_roll_out_columns(p, t);
        if p.system.policy.bed_management.is_none() {
            return;
        }
        let cost = p.freed_bed();
        for stock in 0..p.stocks.len() {
            let most = p.most_beds(stock) * p.freed_per_bed(stock);
            let freed = [
                (RowKey::BedCapacity(stock, t), -1.0),
                (RowKey::FreedLimit(stock, t), 1.0),
                (RowKey::BedManagementBudget(t), cost),
                (RowKey::RevenueLimit(t), cost),
            ];
            self.add_column(Role::Plain, (0.0, most), vec![(Term::Cost, cost * p.likely(t))], freed);
        }
    }

    fn add_step_down_columns(&mut self, p: &Parameters, site: SiteIx, t: usize) {
        let Some(rule) = &p.system.policy.step_down else { return };
        let mut open = vec![
            (RowKey::StepDownCapacity(site, t), -rule.occupancy.0),
            (RowKey::StepDownStock(site, t), 1.0),
        ];
        open.extend(p.based_on(t).map(|later| (RowKey::StepDownStock(site, later), -1.0)));
        self.add_column(Role::Plain, p.community_sizes(site), Vec::new(), open);
        if !p.opens(t) {
            return;
        }
        // A bed opened now is paid for in this period and every later one.
        let (bed, later) = (p.step_down_bed(), t..p.periods());
        let cost = || vec![(Term::Cost, bed * p.waves_from(t) as f64)];
        let opened = || {
            let pools = later.clone().map(|after| (RowKey::StepDownPool(after), 1.0));
            let pools = pools.chain([(RowKey::StepDownStock(site, t), -1.0)]);
            pools.chain(Self::precedence_of_opened(p, site, t))
        };
        let by_nhs = later
            .clone()
            .flat_map(|after| [(RowKey::PooledFund(after), bed), (RowKey::RevenueLimit(after), bed)]);
        self.add_column(Role::Plain, (0.0, rule.new_beds.0), cost(), opened().chain(by_nhs));
        if let Some(council) = p.system.community[&site].council.filter(|_| p.council_may_pay(site)) {
            let by_council = later.clone().map(|after| (RowKey::CouncilBudget(council, after), bed));
            self.add_column(Role::Plain, (0.0, rule.new_beds.0), cost(), opened().chain(by_council));
        }
    }

    fn add_roll_out_columns(&mut self, p: &Parameters, t: usize) {
        let Some(rule) = p.system.policy.prevention else { return };
        let most = if p.period(t).wave == 0 { rule.ramp.0.min(1.0) } else { 1.0 };
        for (programme, commissioner) in p.roll_outs() {
            let cost = p.roll_out_cost(programme, commissioner);
            let mut rows = vec![
                (RowKey::PreventionBudget(t), cost),
                (RowKey::RevenueLimit(t), cost),
                (RowKey::RollOutStep(programme, commissioner, t), 1.0),
            ];
            let steps =
                p.based_on(t).map(|later| (RowKey::RollOutStep(programme, commissioner, later), -1.0));
            rows.extend(steps);
            rows.extend(Self::precedence_of_rolled_out(p, programme, commissioner, t));
            let role = Role::RolledOut(programme, commissioner, t);
            self.add_column(role, (0.0, most), vec![(Term::Cost, cost * p.likely(t))], rows);
        }
    }
}
