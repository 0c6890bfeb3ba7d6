//! Beds reallocated and converted: the rules restated for the plan, and as rows and columns of the proof.

use super::files::{Allocation, Results};
use super::parameters::Parameters;
use super::prices::RowKey;
use super::program::{Program, Role};
use super::report::{Check, Tally};
use crate::domain::moves::ReallocationScope;
use crate::domain::policy::Term;
use crate::domain::system::SiteKind;
use crate::domain::{Ix, SiteIx};
use std::collections::BTreeMap;

/// Sites that share beds: what kind of register, and the position in it.
pub type Sharing = (char, usize);

impl Parameters<'_> {
    /// The sites with which a stock's site exchanges beds; `None` where it exchanges none.
    pub fn sharing(&self, stock: usize) -> Option<Sharing> {
        let place = &self.system.sites[self.stocks[stock].0];
        let rule = self.system.policy.reallocation.as_ref()?;
        if place.kind != SiteKind::Acute {
            return None;
        }
        Some(match rule.scope {
            ReallocationScope::Nation => ('n', 0),
            ReallocationScope::Region => ('r', place.region.get()),
            ReallocationScope::Commissioner => ('c', place.commissioner.get()),
            ReallocationScope::Trust => ('t', place.trust.get()),
            ReallocationScope::Group => match place.group {
                Some(group) => ('g', group.get()),
                None => ('t', place.trust.get()),
            },
        })
    }
    /// Stocks that exchange beds with a stock by reallocation, itself among them: at least two, or none.
    pub fn sharing_stocks(&self, stock: usize) -> Vec<usize> {
        let Some(mine) = self.sharing(stock) else { return Vec::new() };
        let specialty = self.stocks[stock].1;
        let same = |at: &usize| self.stocks[*at].1 == specialty && self.sharing(*at) == Some(mine);
        at_least_two((0..self.stocks.len()).filter(same).collect())
    }
    /// Stocks that exchange beds with a stock by conversion, itself among them: at least two, or none.
    pub fn converting_stocks(&self, stock: usize) -> Vec<usize> {
        let (site, specialty) = self.stocks[stock];
        if self.system.policy.conversion.is_none() || self.system.sites[site].kind != SiteKind::Acute {
            return Vec::new();
        }
        let family = |at: usize| &self.system.specialties[self.stocks[at].1].family;
        let mine = &self.system.specialties[specialty].family;
        let same = |at: &usize| self.stocks[*at].0 == site && family(*at) == mine;
        at_least_two((0..self.stocks.len()).filter(same).collect())
    }
    /// Whether beds may go to another site.
    pub(super) fn may_go(&self, stock: usize) -> bool {
        let (site, specialty) = self.stocks[stock];
        let covers = |named: Option<_>| named.is_none() || named == Some(specialty);
        self.system.policy.protected.iter().all(|rule| rule.site != site || !covers(rule.specialty))
    }
    /// Whether beds may go to another specialty.
    fn may_turn(&self, stock: usize) -> bool {
        let (site, specialty) = self.stocks[stock];
        let named = |rule: &crate::domain::moves::Protection| rule.specialty == Some(specialty);
        !self.system.policy.protected.iter().any(|rule| rule.site == site && named(rule))
    }
    /// No more beds can be in one place than all that can get there today, and the whole pool.
    pub fn most_beds(&self, stock: usize) -> f64 {
        self.most[stock]
    }
    /// The same for every stock.
    pub(super) fn find_most_beds(&self) -> Vec<f64> {
        let policy = &self.system.policy;
        let mut pools: BTreeMap<(Option<Sharing>, Option<SiteIx>, String), f64> = BTreeMap::new();
        let keys: Vec<_> = (0..self.stocks.len())
            .map(|stock| {
                let (site, specialty) = self.stocks[stock];
                let sharing = self.sharing(stock);
                let alone = sharing.is_none().then_some(site);
                let acute = self.system.sites[site].kind == SiteKind::Acute;
                let kind = if policy.conversion.is_some() && acute {
                    format!("family {}", self.system.specialties[specialty].family)
                } else {
                    format!("specialty {}", specialty.get())
                };
                (sharing, alone, kind)
            })
            .collect();
        for (key, at) in keys.iter().zip(&self.stocks) {
            *pools.entry(key.clone()).or_insert(0.0) += self.system.beds[at].available.0;
        }
        keys.iter().map(|key| pools[key] + policy.pool.total.0).collect()
    }
    fn reallocation_limit(&self) -> f64 {
        self.system.policy.reallocation.map_or(0.0, |rule| rule.limit.0)
    }
    fn conversion_limit(&self) -> f64 {
        self.system.policy.conversion.map_or(0.0, |rule| rule.limit.0)
    }
}

fn at_least_two(stocks: Vec<usize>) -> Vec<usize> {
    if stocks.len() > 1 { stocks } else { Vec::new() }
}

/// What beds moved cost once, in £.
pub fn once(p: &Parameters, row: &Allocation) -> f64 {
    let policy = &p.system.policy;
    let reallocated = policy.reallocation.map_or(0.0, |rule| rule.cost_per_bed.0);
    let converted = policy.conversion.map_or(0.0, |rule| rule.cost_per_bed.0);
    row.moved[1] * reallocated + row.moved[3] * converted
}

/// The same in a year, written off like a building; beds closed save their running cost.
pub fn yearly_cost(p: &Parameters, row: &Allocation) -> f64 {
    let costs = &p.system.policy.costs;
    once(p, row) / costs.capital_life_years - row.moved[4] * costs.bed_equivalent().0
}

/// Beds moved, each counted once.
pub fn disruption(row: &Allocation) -> f64 {
    row.moved[1] + row.moved[3] + row.moved[4]
}

/// Checks that beds moved come from somewhere, and keep limits and protection.
pub fn check(p: &Parameters, results: &Results) -> Vec<Check> {
    let reallocated = Rule {
        name: "reallocation",
        gained: 0,
        given: 1,
        limit: p.reallocation_limit(),
        peers: &|stock| p.sharing_stocks(stock),
        free: &|stock| p.may_go(stock),
    };
    let converted = Rule {
        name: "conversion",
        gained: 2,
        given: 3,
        limit: p.conversion_limit(),
        peers: &|stock| p.converting_stocks(stock),
        free: &|stock| p.may_turn(stock),
    };
    vec![reallocated.check(p, results), converted.check(p, results)]
}

/// A way in which beds are moved: columns of [`super::files::MOVES`], and who takes part.
struct Rule<'a> {
    name: &'static str,
    gained: usize,
    given: usize,
    limit: f64,
    peers: &'a dyn Fn(usize) -> Vec<usize>,
    free: &'a dyn Fn(usize) -> bool,
}

impl Rule<'_> {
    fn check(&self, p: &Parameters, results: &Results) -> Check {
        let mut tally = Tally::new(self.name, "beds");
        for stock in 0..p.stocks.len() {
            let peers = (self.peers)(stock);
            for period in 0..p.periods() {
                let Some(row) = results.allocation.get(&(period, stock)) else { continue };
                let (gained, given) = (row.moved[self.gained], row.moved[self.given]);
                let words = || p.stock_words(stock, period);
                if peers.is_empty() {
                    tally.see(gained.abs().max(given.abs()), 1.0, || {
                        format!("{}: {gained} beds gained, {given} given, with nobody to share", words())
                    });
                    continue;
                }
                let most = if (self.free)(stock) { self.limit * row.before } else { 0.0 };
                tally.see(given - most, given, || format!("{}: {given} beds given, allowed {most}", words()));
                if peers.first() == Some(&stock) {
                    let rows = peers.iter().filter_map(|&peer| results.allocation.get(&(period, peer)));
                    let net: f64 = rows.map(|row| row.moved[self.gained] - row.moved[self.given]).sum();
                    tally.see(net.abs(), 1.0, || format!("{}: {net} beds more gained than given", words()));
                }
            }
        }
        tally.done()
    }
}

impl Program {
    /// Balances and limits of beds moved.
    pub(super) fn add_move_rows(&mut self, p: &Parameters, t: usize) {
        if !p.opens(t) {
            return;
        }
        for stock in 0..p.stocks.len() {
            let today =
                if p.beds_from(t).is_none() { p.system.beds[&p.stocks[stock]].available.0 } else { 0.0 };
            let peers = p.sharing_stocks(stock);
            if peers.first() == Some(&stock) {
                self.add_row(RowKey::Reallocation(stock, t), 0.0, 0.0);
            }
            if !peers.is_empty() && p.may_go(stock) {
                let most = p.reallocation_limit() * today;
                self.add_row(RowKey::ReallocationLimit(stock, t), f64::NEG_INFINITY, most);
            }
            let peers = p.converting_stocks(stock);
            if peers.first() == Some(&stock) {
                self.add_row(RowKey::Conversion(stock, t), 0.0, 0.0);
            }
            if !peers.is_empty() && p.may_turn(stock) {
                let most = p.conversion_limit() * today;
                self.add_row(RowKey::ConversionLimit(stock, t), f64::NEG_INFINITY, most);
            }
        }
    }

    /// Beds in, out, to and from. Out and from count in disruption and in cost.
    pub(super) fn add_move_columns(&mut self, p: &Parameters, t: usize) {
        if !p.opens(t) {
            return;
        }
        let policy = &p.system.policy;
        let waves = p.waves_from(t) as f64;
        for stock in 0..p.stocks.len() {
            let ways = [
                (
                    1,
                    p.sharing_stocks(stock),
                    p.may_go(stock),
                    p.reallocation_limit(),
                    policy.reallocation.map_or(0.0, |rule| rule.cost_per_bed.0 / 1e6),
                    RowKey::ReallocationLimit(stock, t),
                    RowKey::Reallocation as fn(usize, usize) -> RowKey,
                ),
                (
                    3,
                    p.converting_stocks(stock),
                    p.may_turn(stock),
                    p.conversion_limit(),
                    policy.conversion.map_or(0.0, |rule| rule.cost_per_bed.0 / 1e6),
                    RowKey::ConversionLimit(stock, t),
                    RowKey::Conversion as fn(usize, usize) -> RowKey,
                ),
            ];
            for (way, peers, free, limit, once, limit_row, balance) in ways {
                let Some(&first) = peers.first() else { continue };
                let (balance, bounds) = (balance(first, t), (0.0, limit * p.most_beds(stock)));
                let gained = [(RowKey::BedStock(stock, t), -1.0), (balance, 1.0)];
                self.add_column(Role::Beds(stock, t, way), bounds, Vec::new(), gained);
                if free {
                    let given = [
                        (RowKey::BedStock(stock, t), 1.0),
                        (balance, -1.0),
                        (limit_row, 1.0),
                        (RowKey::CapitalLimit(t), once),
                    ];
                    let yearly = once / policy.costs.capital_life_years * waves;
                    let costs = vec![(Term::Disruption, 1.0), (Term::Cost, yearly)];
                    self.add_column(Role::Beds(stock, t, way + 1), bounds, costs, given);
                }
            }
        }
    }

    /// Beds open before a period allow a share of them to move in it: entries of the column of beds open.
    pub(super) fn limit_entries(p: &Parameters, stock: usize, t: usize) -> Vec<(RowKey, f64)> {
        p.next_wave(t).map_or_else(Vec::new, |next| {
            vec![
                (RowKey::ReallocationLimit(stock, next), -p.reallocation_limit()),
                (RowKey::ConversionLimit(stock, next), -p.conversion_limit()),
            ]
        })
    }
}
