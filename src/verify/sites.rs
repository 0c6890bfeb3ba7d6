//! Beds closed, and sites that open or close: the rules restated. The proof is that of the sites as they are.

use super::VerifyError;
use super::files::{Results, period, position, read_if};
use super::parameters::Parameters;
use super::prices::RowKey;
use super::program::{Program, Role};
use super::report::{Check, Tally};
use super::table::Row;
use crate::domain::SiteIx;
use crate::domain::moves::{Choice, SiteChoice};
use crate::domain::policy::Term;
use crate::domain::system::SiteKind;
use std::collections::BTreeMap;
use std::path::Path;

/// Whether sites that may open or close are open, by period and site.
pub type OpenSites = BTreeMap<(usize, SiteIx), bool>;

/// Reads `sites.csv`, which is there where the model leaves a choice.
pub fn read_open(folder: &Path, p: &Parameters) -> Result<OpenSites, VerifyError> {
    let by_site = |row: Row| Ok((period(row, p)?, position(row, "site", &p.system.sites)?));
    let is_open = |row: Row| row.find("open", |text| text.parse::<bool>().ok());
    read_if(!p.system.policy.site_choices.is_empty(), folder, "sites.csv", by_site, is_open)
}

impl Parameters<'_> {
    fn choices(&self) -> &[SiteChoice] {
        &self.system.policy.site_choices
    }
    /// Whether a site may open or close.
    pub fn is_choice(&self, site: SiteIx) -> bool {
        self.choices().iter().any(|choice| choice.site == site)
    }
    fn stocks_at(&self, site: SiteIx) -> impl Iterator<Item = usize> + '_ {
        (0..self.stocks.len()).filter(move |&stock| self.stocks[stock].0 == site)
    }
    /// Whether a stock's whole site may close.
    fn may_close(&self, stock: usize) -> bool {
        let site = self.stocks[stock].0;
        self.choices().iter().any(|choice| choice.site == site && choice.choice == Choice::MayClose)
    }
    /// What the sites that may close cost today, £ million a year, whatever their size.
    pub(super) fn fixed_today(&self) -> f64 {
        let stand = self.choices().iter().filter(|choice| choice.choice == Choice::MayClose);
        stand.map(|choice| choice.fixed_cost.0 / 1e6).sum()
    }
    /// Beds that close beyond the limit when the site does.
    fn beyond_limit(&self, stock: usize, period: usize) -> f64 {
        match (self.may_close(stock), self.beds_from(period)) {
            (false, _) => 0.0,
            (true, None) => self.system.beds[&self.stocks[stock]].available.0 * (1.0 - self.closure_limit()),
            (true, Some(_)) => self.most_beds(stock),
        }
    }
    /// Whether beds of a stock may close.
    pub(super) fn may_shut(&self, stock: usize) -> bool {
        let acute = self.system.sites[self.stocks[stock].0].kind == SiteKind::Acute;
        let allowed = self.may_close(stock) || (self.closure_limit() > 0.0 && acute);
        allowed && self.may_go(stock)
    }
    fn closure_limit(&self) -> f64 {
        self.system.policy.closure_limit.map_or(0.0, |limit| limit.0)
    }
    /// Least and most beds of a site that may open or close, where it is open.
    fn open_size(&self, site: SiteIx) -> (f64, f64) {
        let most = self.largest(site);
        let all = || self.stocks_at(site).map(|stock| self.most_beds(stock)).sum();
        (self.smallest(site).max(0.0), if most.is_finite() { most } else { all() })
    }
}

/// What the sites that are open cost in a year, £, whatever their size.
pub fn fixed_cost(p: &Parameters, results: &Results) -> f64 {
    let cost = |site| p.choices().iter().find(|choice| choice.site == site).map_or(0.0, |c| c.fixed_cost.0);
    results.open.iter().filter(|(_, open)| **open).map(|((_, site), _)| cost(*site)).sum()
}

/// The same of the sites open in a period, £ million.
pub(super) fn fixed_at(p: &Parameters, results: &Results, period: usize) -> f64 {
    let wave = p.period(period).wave;
    let fixed = |choice: &SiteChoice| {
        let mut decided =
            results.open.iter().filter(|((t, site), _)| p.period(*t).wave == wave && *site == choice.site);
        if decided.any(|(_, open)| *open) { choice.fixed_cost.0 / 1e6 } else { 0.0 }
    };
    p.choices().iter().map(fixed).sum()
}

/// Checks beds closed and sites open.
pub fn check(p: &Parameters, results: &Results) -> Vec<Check> {
    vec![closed(p, results), open(p, results)]
}

/// No more beds close than the limit allows, unless their site does.
fn closed(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("beds closed", "beds");
    for (&(period, stock), row) in &results.allocation {
        let gone = results.open.get(&(period, p.stocks[stock].0)) == Some(&false) && p.may_close(stock);
        let most = match (p.may_shut(stock), gone) {
            (false, _) => 0.0,
            (true, false) => p.closure_limit() * row.before,
            (true, true) => row.before,
        };
        tally.see(row.moved[4] - most, row.moved[4], || {
            format!("{}: {} beds closed, allowed {most}", p.stock_words(stock, period), row.moved[4])
        });
    }
    tally.done()
}

/// A closed site has no beds and stays closed; an open one has a size it may have, and one opened stays.
fn open(p: &Parameters, results: &Results) -> Check {
    let mut tally = Tally::new("sites open", "beds");
    for choice in p.choices() {
        let name = &p.system.sites[choice.site].name;
        let mut before = choice.choice == Choice::MayClose;
        for period in (0..p.periods()).filter(|&period| p.opens(period)) {
            let Some(&is_open) = results.open.get(&(period, choice.site)) else {
                tally.fail(|| format!("{name} has no row in sites.csv"));
                continue;
            };
            let rows = p.stocks_at(choice.site).filter_map(|at| results.allocation.get(&(period, at)));
            let beds: f64 = rows.map(|row| row.after).sum();
            let (least, most) = if is_open { p.open_size(choice.site) } else { (0.0, 0.0) };
            tally.see((least - beds).max(beds - most), beds, || {
                format!("{name}: {beds} beds, allowed {least} to {most}{}", p.period_words(period))
            });
            let turned = match choice.choice {
                Choice::MayClose => is_open && !before,
                Choice::MayOpen => before && !is_open,
            };
            if turned {
                tally.fail(|| format!("{name} turns back{}", p.period_words(period)));
            }
            before = is_open;
        }
    }
    tally.done()
}

impl Program {
    /// Limits on beds closed, sizes where open, and no way back.
    pub(super) fn add_site_rows(&mut self, p: &Parameters, t: usize) {
        if !p.opens(t) {
            return;
        }
        let first = p.beds_from(t).is_none();
        for stock in (0..p.stocks.len()).filter(|&stock| p.may_shut(stock)) {
            let today = if first { p.system.beds[&p.stocks[stock]].available.0 } else { 0.0 };
            let most = p.closure_limit() * today + p.beyond_limit(stock, t);
            self.add_row(RowKey::ClosureLimit(stock, t), f64::NEG_INFINITY, most);
            if !first && p.may_close(stock) {
                self.add_row(RowKey::ClosureStock(stock, t), f64::NEG_INFINITY, 0.0);
            }
        }
        for choice in p.choices() {
            self.add_row(RowKey::SmallestOpen(choice.site, t), 0.0, f64::INFINITY);
            self.add_row(RowKey::LargestOpen(choice.site, t), f64::NEG_INFINITY, 0.0);
            let (least, most) = match choice.choice {
                Choice::MayClose => (f64::NEG_INFINITY, if first { 1.0 } else { 0.0 }),
                Choice::MayOpen => (0.0, f64::INFINITY),
            };
            self.add_row(RowKey::StaysSo(choice.site, t), least, most);
        }
    }

    /// Beds closed, and sites open as the plan has them.
    pub(super) fn add_site_columns(&mut self, p: &Parameters, open: &OpenSites, t: usize) {
        if !p.opens(t) {
            return;
        }
        let running = p.system.policy.costs.bed_equivalent().0 / 1e6;
        // What is decided in a wave holds in its further scenarios, and beds closed in later waves too.
        let later = || t..p.periods();
        let in_wave = |other: &usize| p.period(*other).wave == p.period(t).wave;
        for stock in (0..p.stocks.len()).filter(|&stock| p.may_shut(stock)) {
            let mut entries = vec![
                (RowKey::BedStock(stock, t), 1.0),
                (RowKey::ClosureLimit(stock, t), 1.0),
                (RowKey::ClosureStock(stock, t), 1.0),
            ];
            entries.extend(later().map(|other| (RowKey::RevenueLimit(other), -running)));
            entries.extend(Self::precedence_of_closed(p, stock, t));
            let saved = running * p.waves_from(t) as f64;
            let costs = vec![(Term::Disruption, 1.0), (Term::Cost, -saved)];
            self.add_column(Role::Beds(stock, t, 5), (0.0, p.most_beds(stock)), costs, entries);
        }
        for choice in p.choices() {
            let site = choice.site;
            let value = f64::from(u8::from(open.get(&(t, site)).copied().unwrap_or(false)));
            let (least, most) = p.open_size(site);
            let mut entries = vec![
                (RowKey::SmallestOpen(site, t), -least),
                (RowKey::LargestOpen(site, t), -most),
                (RowKey::StaysSo(site, t), 1.0),
            ];
            let fixed = choice.fixed_cost.0 / 1e6;
            entries.extend(p.next_wave(t).map(|next| (RowKey::StaysSo(site, next), -1.0)));
            entries.extend(later().filter(in_wave).map(|other| (RowKey::RevenueLimit(other), fixed)));
            entries.extend(p.stocks_at(site).map(|at| (RowKey::ClosureLimit(at, t), p.beyond_limit(at, t))));
            let costs = vec![(Term::Cost, fixed)];
            self.add_column(Role::Plain, (value, value), costs, entries);
        }
    }

    /// Entries of the column of beds open in the rows above.
    pub(super) fn site_entries(p: &Parameters, stock: usize, t: usize) -> Vec<(RowKey, f64)> {
        let site = p.stocks[stock].0;
        let mut entries = vec![(RowKey::SmallestOpen(site, t), 1.0), (RowKey::LargestOpen(site, t), 1.0)];
        if let Some(next) = p.next_wave(t) {
            entries.push((RowKey::ClosureLimit(stock, next), -p.closure_limit()));
            entries.push((RowKey::ClosureStock(stock, next), -1.0));
        }
        entries
    }
}
