//! Sums over the plan's detail that several checks need, and the words for places.

use super::files::Results;
use super::parameters::Parameters;
use crate::domain::index::{CouncilIx, Ix, PeriodIx, ServiceIx};

/// Sums of flows and what is left of need.
#[derive(Debug)]
pub struct PlanSums {
    /// Treated occupied beds, by period and point.
    pub treated: Vec<Vec<f64>>,
    /// The same times minutes.
    pub minutes: Vec<Vec<f64>>,
    /// Weighted patient-bed minutes of those treated, all periods by their probability.
    pub weighted_treated: f64,
    /// The same of unmet need, as if it went to the nearest site in reach.
    pub weighted_unmet: f64,
    /// Beds occupied by period and room: patients' need, less what shorter stays free.
    pub occupied: Vec<Vec<f64>>,
    /// Unmet by period and point, as the files say.
    pub unmet: Vec<Vec<f64>>,
    /// Released by period and point, by the council's released share.
    pub released: Vec<Vec<f64>>,
    /// Prevented by period and point, by the commissioner's roll-outs.
    pub prevented: Vec<Vec<f64>>,
    /// Need that the beds bring forth, by period and point.
    pub induced: Vec<Vec<f64>>,
}

impl PlanSums {
    /// Adds up.
    pub fn new(p: &Parameters, results: &Results) -> Self {
        let by = |width: usize| vec![vec![0.0; width]; p.periods()];
        let (points, rooms) = (p.points.len(), p.rooms());
        let mut sums = Self {
            treated: by(points),
            minutes: by(points),
            weighted_treated: 0.0,
            weighted_unmet: 0.0,
            occupied: by(rooms),
            unmet: by(points),
            released: by(points),
            prevented: by(points),
            induced: by(points),
        };
        for (period, induced) in sums.induced.iter_mut().enumerate() {
            for (at, induced) in induced.iter_mut().enumerate() {
                *induced = p.induced(results, period, at);
            }
        }
        for flow in &results.flows {
            sums.treated[flow.period][flow.point] += flow.beds;
            sums.occupied[flow.period][flow.stock] += flow.beds;
            if let Some(arc) = p.arc(flow.point, flow.stock) {
                sums.minutes[flow.period][flow.point] += flow.beds * p.arcs[arc].minutes.0;
                sums.weighted_treated += flow.beds * p.arcs[arc].weighted * p.likely(flow.period);
            }
        }
        for (&(period, stock), row) in &results.measures.freed {
            let occupied = &mut sums.occupied[period][stock];
            *occupied = (*occupied - row.freed).max(0.0);
        }
        for (&(period, point), row) in &results.unmet {
            sums.unmet[period][point] = row.unmet;
            sums.weighted_unmet += row.unmet * p.points[point].weighted_unmet * p.likely(period);
        }
        for (period, released) in sums.released.iter_mut().enumerate() {
            for (at, (point, released)) in p.points.iter().zip(released).enumerate() {
                let share = results.released_share(period, point.council, point.specialty);
                *released = p.need(period, at) * point.delayed_share * share;
            }
        }
        for (period, prevented) in sums.prevented.iter_mut().enumerate() {
            for (at, (point, prevented)) in p.points.iter().zip(prevented).enumerate() {
                let commissioner = p.system.areas[point.area].commissioner;
                let share = |programme| {
                    let roll_out = results.measures.roll_out_of(period, programme, commissioner);
                    roll_out * p.preventable(programme, point.specialty)
                };
                *prevented = p.need(period, at) * p.system.programmes.indices().map(share).sum::<f64>();
            }
        }
        sums
    }
    /// Unmet share of an equity group's need in a period.
    pub fn group_share(&self, p: &Parameters, period: usize, group: usize) -> f64 {
        let members = p.points.iter().zip(&self.unmet[period]).filter(|(point, _)| point.group == group);
        members.map(|(_, unmet)| unmet).sum::<f64>() / p.group_need(period, group)
    }
}

impl Parameters<'_> {
    /// A site and specialty in words.
    pub fn stock_words(&self, stock: usize, period: usize) -> String {
        if let Some(site) = self.community_site(stock) {
            let (name, id) = (&self.system.sites[site].name, self.system.sites.id(site));
            return format!("{name} ({id}), step-down{}", self.period_words(period));
        }
        let (site, specialty) = self.stocks[stock];
        let (name, id) = (&self.system.sites[site].name, self.system.sites.id(site));
        format!("{name} ({id}), {}{}", self.system.specialties[specialty].name, self.period_words(period))
    }
    /// An area and specialty in words.
    pub fn point_words(&self, point: usize, period: usize) -> String {
        let point = &self.points[point];
        let (name, id) = (&self.system.areas[point.area].name, self.system.areas.id(point.area));
        let specialty = &self.system.specialties[point.specialty].name;
        format!("{name} ({id}), {specialty}{}", self.period_words(period))
    }
    /// A council and service in words.
    pub fn care_words(&self, council: CouncilIx, service: ServiceIx, period: usize) -> String {
        let (council, service) = (&self.system.councils[council].name, &self.system.services[service].name);
        format!("{council}, {service}{}", self.period_words(period))
    }
    /// A council in words.
    pub fn council_words(&self, council: CouncilIx, period: usize) -> String {
        format!("{}{}", self.system.councils[council].name, self.period_words(period))
    }
    /// A period, where there is more than one.
    pub fn period_words(&self, period: usize) -> String {
        if self.periods() == 1 {
            return String::new();
        }
        format!(", period {}", self.system.periods.id(PeriodIx::from_usize(period)))
    }
    /// An equity group in words.
    pub fn group_words(&self, group: usize) -> String {
        use crate::domain::policy::EquityGroups;
        match self.system.policy.objective.equity_groups {
            EquityGroups::Region => self.system.regions.ids()[group].to_string(),
            EquityGroups::Commissioner => self.system.commissioners.ids()[group].to_string(),
            EquityGroups::DeprivationQuintile if group < 5 => format!("deprivation fifth {}", group + 1),
            EquityGroups::DeprivationQuintile => "deprivation unknown".to_owned(),
        }
    }
}
