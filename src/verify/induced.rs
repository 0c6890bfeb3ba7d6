//! Need that beds bring forth, worked out anew from today's use.

use super::files::Results;
use super::parameters::{Parameters, Point};
use crate::domain::system::CareSystem;
use crate::domain::{AreaIx, SiteIx, SpecialtyIx};
use std::collections::{BTreeMap, HashMap};

/// Gives every point what each bed above today's brings forth there: the elasticity, times the point's part in
/// the use of the stock, times the stock's occupancy.
pub fn fill_in(system: &CareSystem, stock_at: &BTreeMap<(SiteIx, SpecialtyIx), usize>, points: &mut [Point]) {
    if !system.policy.induced.is_on() {
        return;
    }
    let flows = flows_by_area(system);
    // What of each point's need goes to each stock today.
    let mut used: Vec<Vec<(usize, f64)>> = Vec::with_capacity(points.len());
    let mut whole = vec![0.0; stock_at.len()];
    for point in points.iter() {
        let mut shares = BTreeMap::new();
        for &(site, only, share) in flows.get(&point.area).into_iter().flatten() {
            let stock = stock_at.get(&(site, point.specialty));
            let open = system.beds.get(&(site, point.specialty)).is_some_and(|stock| stock.available.0 > 0.0);
            if let Some(&stock) = stock.filter(|_| open && only.is_none_or(|s| s == point.specialty)) {
                *shares.entry(stock).or_insert(0.0) += share;
            }
        }
        let all: f64 = shares.values().sum();
        let part = |(stock, share): (usize, f64)| (stock, point.need * share / all);
        let parts: Vec<_> = shares.into_iter().filter(|(_, share)| *share > 0.0).map(part).collect();
        for &(stock, beds) in &parts {
            whole[stock] += beds;
        }
        used.push(parts);
    }
    let occupancy: Vec<f64> =
        stock_at.keys().map(|key| system.beds[key].occupied.0 / system.beds[key].available.0).collect();
    for (point, parts) in points.iter_mut().zip(used) {
        let elasticity = system.policy.induced.elasticity_of(point.specialty).0;
        let per_bed =
            |(stock, beds): (usize, f64)| (stock, elasticity * (beds / whole[stock]) * occupancy[stock]);
        point.induced = parts.into_iter().map(per_bed).filter(|(_, beds)| *beds > 0.0).collect();
    }
}

fn flows_by_area(system: &CareSystem) -> HashMap<AreaIx, Vec<(SiteIx, Option<SpecialtyIx>, f64)>> {
    let mut flows: HashMap<AreaIx, Vec<_>> = HashMap::new();
    for flow in &system.flows {
        flows.entry(flow.area).or_default().push((flow.site, flow.specialty, flow.share.0));
    }
    flows
}

impl Parameters<'_> {
    /// The period whose beds bring forth need of a period: with one wave the period itself, with several
    /// the wave before; `None` in the first of several.
    pub fn induced_by(&self, period: usize) -> Option<usize> {
        if !self.system.policy.induced.is_on() {
            return None;
        }
        let several = (0..self.periods()).any(|t| self.period(t).wave > 0);
        if !several {
            return Some(period);
        }
        let before = self.period(period).wave.checked_sub(1)?;
        (0..self.periods()).find(|&t| self.opens(t) && self.period(t).wave == before)
    }
    /// What the demand balance of a point adds up to where no bed were open: its need, less what today's
    /// beds bring forth.
    pub fn balance(&self, period: usize, point: usize) -> f64 {
        let need = self.need(period, point);
        if self.induced_by(period).is_none() {
            return need;
        }
        let today = |stock: usize| self.system.beds[&self.stocks[stock]].available.0;
        let induced = &self.points[point].induced;
        need - induced.iter().map(|&(stock, per_bed)| per_bed * today(stock)).sum::<f64>()
    }
    /// Need that the beds of the files bring forth at a point.
    pub fn induced(&self, results: &Results, period: usize, point: usize) -> f64 {
        let Some(by) = self.induced_by(period) else { return 0.0 };
        let added = |stock: usize| {
            let today = self.system.beds[&self.stocks[stock]].available.0;
            results.allocation.get(&(by, stock)).map_or(0.0, |row| row.after - today)
        };
        self.points[point].induced.iter().map(|&(stock, per_bed)| per_bed * added(stock)).sum()
    }
    /// Largest unmet share of a group's need: more than all of it where beds bring forth more.
    pub fn largest_share(&self) -> f64 {
        if self.system.policy.induced.is_on() { 10.0 } else { 1.0 }
    }
}
