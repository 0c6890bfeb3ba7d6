//! Beds that close, and sites that open or close: the variables.

use super::Formulation;
use super::keys::{ClosedBeds, OpenSite, VariableKey};
use super::moves::{BedMoves, may_leave};
use crate::domain::moves::Choice;
use crate::domain::system::{CareSystem, SiteKind};
use crate::domain::units::Beds;
use crate::domain::{PeriodIx, SiteIx};
use crate::formulation::constraints::beds::largest_size;
use crate::lp::{Bounds, ColumnIx};
use std::collections::BTreeMap;

/// Which sites are open in which period, of those that may open or close.
pub type OpenSites = BTreeMap<(SiteIx, PeriodIx), bool>;

/// close\[h,s,t\] at acute sites, unless the beds are protected: where beds may close at all, and wherever a
/// site may close.
pub fn add_closed(f: &mut Formulation, system: &CareSystem, moves: &BedMoves) {
    for period in system.opening_periods() {
        for &(site, specialty) in system.beds.keys() {
            let goes = system.choice_on(site).is_some_and(|choice| choice.choice == Choice::MayClose);
            let acute = system.sites[site].kind == SiteKind::Acute;
            let allowed = goes || (system.policy.closure_limit.is_some() && acute);
            if allowed && may_leave(system, site, specialty) {
                let most = moves.most_beds(site, specialty);
                f.add_variable(ClosedBeds { site, specialty, period }, Bounds::between(0.0, most.0));
            }
        }
    }
}

/// open\[h,t\] ∈ {0, 1} for every site that may open or close, and no other.
pub fn add_open_sites(f: &mut Formulation, system: &CareSystem) {
    for period in system.opening_periods() {
        for choice in &system.policy.site_choices {
            let column = f.add_variable(OpenSite { site: choice.site, period }, Bounds::between(0.0, 1.0));
            f.program.set_integer(column);
        }
    }
}

/// B̄\[h\] of a site that may open or close: its limits, or all beds that could ever be there.
pub fn largest_open(system: &CareSystem, moves: &BedMoves, site: SiteIx) -> Beds {
    let all = || system.stocks_of(site).map(|(specialty, _)| moves.most_beds(site, specialty)).sum();
    largest_size(system, site).unwrap_or_else(all)
}

impl Formulation {
    /// Gives variables their values, for good.
    pub fn fix_values(&mut self, values: &BTreeMap<VariableKey, f64>) {
        for (&key, &value) in values {
            if let Some(column) = self.column(key) {
                self.program.set_column_bounds(column, Bounds::exactly(value));
            }
        }
    }
    /// Takes the choice away: each site is open or not as given, and no longer a whole number. One that is not
    /// named may be open in part.
    pub fn fix_sites(&mut self, open: &OpenSites) {
        for (at, column) in self.open_columns() {
            self.program.set_continuous(column);
            if let Some(&is_open) = open.get(&at) {
                self.program.set_column_bounds(column, Bounds::exactly(f64::from(u8::from(is_open))));
            }
        }
    }
    /// The columns that say which sites are open, in order of site and period.
    pub fn open_columns(&self) -> BTreeMap<(SiteIx, PeriodIx), ColumnIx> {
        self.decisions()
            .filter_map(|(column, key)| match key {
                VariableKey::OpenSite(OpenSite { site, period }) => Some(((site, period), column)),
                _ => None,
            })
            .collect()
    }
}
