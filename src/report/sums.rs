//! What several reports add up: beds by site, need by area, both by region, commissioner and trust.

use crate::domain::system::{Area, CareSystem, Site};
use crate::domain::units::{BedMinutes, Beds, OccupiedBeds, Proportion};
use crate::domain::{AreaIx, CommissionerIx, Ix, PeriodIx, RegionIx, SiteIx, SpecialtyIx, TrustIx};
use crate::pipeline::RunResult;
use crate::pipeline::result::{Comparator, ComparatorResult};
use crate::solution::plan::{Moves, NOISE, NeedOutcome};
use std::collections::BTreeMap;

/// Beds of one specialty at one site in one period.
#[derive(Debug, Clone, Copy)]
pub struct SiteRow {
    /// The site.
    pub site: SiteIx,
    /// The specialty.
    pub specialty: SpecialtyIx,
    /// The period.
    pub period: PeriodIx,
    /// Beds before the period.
    pub before: Beds,
    /// Beds from the national pool.
    pub new: Beds,
    /// Beds moved.
    pub moves: Moves,
    /// Beds occupied by patients treated there: their need less what shorter stays free.
    pub occupied: OccupiedBeds,
    /// Share of its beds that may be occupied.
    pub cap: Proportion,
}

impl SiteRow {
    /// Beds after the period.
    pub fn after(&self) -> Beds {
        self.before + self.new + self.moves.net()
    }
}

/// What becomes of the need of one area in one period, all specialties.
#[derive(Debug, Clone, Copy)]
pub struct AreaRow {
    /// The area.
    pub area: AreaIx,
    /// The period.
    pub period: PeriodIx,
    /// What becomes of it.
    pub outcome: NeedOutcome,
    /// Patients times minutes.
    pub travel: BedMinutes,
}

/// A share of need; `None` where there is no need.
pub fn share(part: OccupiedBeds, need: OccupiedBeds) -> Option<Proportion> {
    (need.0 > 0.0).then(|| part / need)
}

/// Beds and need of a region, commissioner or trust in one period.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlaceSum {
    /// Beds before.
    pub before: Beds,
    /// Beds from the national pool.
    pub new: Beds,
    /// Beds moved at its sites, also among themselves.
    pub moves: Moves,
    /// Occupied beds that its beds may hold under their caps.
    pub room: OccupiedBeds,
    /// Patients treated in its beds.
    pub occupied: OccupiedBeds,
    /// Need of the people who live there.
    pub need: OccupiedBeds,
    /// Of that, treated anywhere.
    pub treated: OccupiedBeds,
    /// Of that, released.
    pub released: OccupiedBeds,
    /// Of that, unmet.
    pub unmet: OccupiedBeds,
    /// Of that, prevented.
    pub prevented: OccupiedBeds,
    /// Need that beds beyond today's bring forth, over and above `need`.
    pub induced: OccupiedBeds,
    /// The area with the largest unmet share, and that share; `None` where no need is unmet.
    pub worst_area: Option<(AreaIx, Proportion)>,
}

impl PlaceSum {
    fn add_site(&mut self, row: &SiteRow) {
        self.before += row.before;
        self.new += row.new;
        self.moves += row.moves;
        self.room += row.after() * row.cap;
        self.occupied += row.occupied;
    }
    /// Adds a place that lies beside this one, in the same period.
    pub fn add(&mut self, part: &Self) {
        self.before += part.before;
        self.new += part.new;
        self.moves += part.moves;
        self.add_likely(part, Proportion(1.0));
    }
    /// Adds what differs by scenario of need, as much of it as the period is likely.
    fn add_likely(&mut self, part: &Self, probability: Proportion) {
        self.room += part.room * probability;
        self.occupied += part.occupied * probability;
        self.need += part.need * probability;
        self.treated += part.treated * probability;
        self.released += part.released * probability;
        self.unmet += part.unmet * probability;
        self.prevented += part.prevented * probability;
        self.induced += part.induced * probability;
    }
    fn add_area(&mut self, row: &AreaRow) {
        let NeedOutcome { need, treated, released, unmet, induced, prevented } = row.outcome;
        self.induced += induced;
        self.need += need;
        self.treated += treated;
        self.released += released;
        self.unmet += unmet;
        self.prevented += prevented;
        let share = share(unmet, need).filter(|_| unmet.0 > NOISE);
        let worst = self.worst_area.map_or(0.0, |(_, worst)| worst.0);
        if let Some(share) = share.filter(|share| share.0 > worst) {
            self.worst_area = Some((row.area, share));
        }
    }
    /// Beds after.
    pub fn after(&self) -> Beds {
        self.before + self.new + self.moves.net()
    }
}

/// Every sum.
#[derive(Debug)]
pub struct Sums {
    /// By site, specialty and period, in that order.
    pub sites: Vec<SiteRow>,
    /// By area and period, in that order.
    pub areas: Vec<AreaRow>,
    /// By region and period.
    pub regions: BTreeMap<(RegionIx, PeriodIx), PlaceSum>,
    /// By commissioner and period.
    pub commissioners: BTreeMap<(CommissionerIx, PeriodIx), PlaceSum>,
    /// By trust and period; need and unmet need stay zero, since nobody lives in a trust.
    pub trusts: BTreeMap<(TrustIx, PeriodIx), PlaceSum>,
    /// The whole country, all periods added up by their probability.
    pub nation: PlaceSum,
    /// The whole country in each wave, what differs by scenario of need added up by probability.
    pub waves: Vec<(PeriodIx, PlaceSum)>,
    /// What the journeys of patients treated weigh in the travel term, all periods. The rest of the term
    /// is unmet need, counted as if it went to the nearest site.
    pub weighted_journeys: BedMinutes,
}

impl Sums {
    /// Adds up a result.
    pub fn of(system: &CareSystem, result: &RunResult) -> Self {
        let sites = site_rows(system, result);
        let areas = area_rows(system, result);
        let mut nation = PlaceSum { before: system.beds_before(), ..PlaceSum::default() };
        let periods = by_period(system, &sites, &areas);
        for ((_, _, stretch), part) in system.periods.iter().zip(&periods) {
            nation.new += part.new;
            nation.moves += part.moves;
            nation.add_likely(part, stretch.probability);
        }
        let regions = by_place(
            system,
            &sites,
            &areas,
            system.regions.indices(),
            |s| s.region,
            Some(|a: &Area| a.region),
        );
        let commissioners = by_place(
            system,
            &sites,
            &areas,
            system.commissioners.indices(),
            |s| s.commissioner,
            Some(|a: &Area| a.commissioner),
        );
        let trusts = by_place(
            system,
            &sites,
            &areas,
            system.trusts.indices(),
            |s| s.trust,
            None::<fn(&Area) -> TrustIx>,
        );
        let reach = &system.policy.reach;
        let journeys = result.plan.flows.iter();
        let likely = |period| system.periods[period].probability.0;
        let weighted_journeys = journeys
            .map(|flow| flow.treated * reach.weighted_minutes(flow.minutes) * likely(flow.period))
            .sum();
        let waves = waves(system, &periods);
        Self { sites, areas, regions, commissioners, trusts, nation, waves, weighted_journeys }
    }
    /// A region's sum over all periods by their probability; its beds before are those of today.
    pub fn region(&self, system: &CareSystem, region: RegionIx) -> PlaceSum {
        self.region_over(system, region, |_| true)
    }
    /// The same, but need and what becomes of it in the last wave only.
    pub fn region_at_the_end(&self, system: &CareSystem, region: RegionIx) -> PlaceSum {
        let last = last_wave(system);
        self.region_over(system, region, |wave| wave == last)
    }
    fn region_over(&self, system: &CareSystem, region: RegionIx, chosen: impl Fn(usize) -> bool) -> PlaceSum {
        let mut sum = PlaceSum::default();
        let periods = self.regions.range((region, PeriodIx::from_usize(0))..);
        let periods = periods.take_while(|((other, _), _)| *other == region);
        for (position, ((_, period), part)) in periods.enumerate() {
            if position == 0 {
                sum.before = part.before;
            }
            sum.new += part.new;
            sum.moves += part.moves;
            let stretch = &system.periods[*period];
            if chosen(stretch.wave) {
                sum.add_likely(part, stretch.probability);
            }
        }
        sum
    }
}

/// The number of the last wave, from 0.
pub fn last_wave(system: &CareSystem) -> usize {
    system.periods.iter().map(|(_, _, stretch)| stretch.wave).max().unwrap_or(0)
}

/// The whole country in each period.
fn by_period(system: &CareSystem, sites: &[SiteRow], areas: &[AreaRow]) -> Vec<PlaceSum> {
    let mut periods = vec![PlaceSum::default(); system.periods.len()];
    for row in sites {
        periods[row.period.get()].add_site(row);
    }
    for row in areas {
        periods[row.period.get()].add_area(row);
    }
    periods
}

/// The whole country in each wave.
fn waves(system: &CareSystem, periods: &[PlaceSum]) -> Vec<(PeriodIx, PlaceSum)> {
    let scenarios = |wave| system.periods.iter().filter(move |(_, _, stretch)| stretch.wave == wave);
    system
        .opening_periods()
        .map(|opening| {
            let beds = &periods[opening.get()];
            let (before, new, moves) = (beds.before, beds.new, beds.moves);
            let mut sum = PlaceSum { before, new, moves, ..PlaceSum::default() };
            for (period, _, stretch) in scenarios(system.periods[opening].wave) {
                sum.add_likely(&periods[period.get()], stretch.probability);
            }
            (opening, sum)
        })
        .collect()
}

fn site_rows(system: &CareSystem, result: &RunResult) -> Vec<SiteRow> {
    let mut occupied: BTreeMap<(SiteIx, SpecialtyIx, PeriodIx), OccupiedBeds> = BTreeMap::new();
    for flow in &result.plan.flows {
        *occupied.entry((flow.site, flow.specialty, flow.period)).or_default() += flow.treated;
    }
    // Shorter stays: fewer beds are occupied than the same patients take today.
    for (key, freed) in &result.plan.measures.freed {
        let held = occupied.entry(*key).or_default();
        *held = (*held - *freed).max(OccupiedBeds::ZERO);
    }
    let mut rows = Vec::with_capacity(system.beds.len() * system.periods.len());
    for (&(site, specialty), stock) in &system.beds {
        let mut before = stock.available;
        for period in system.periods.indices() {
            let key = (site, specialty, period);
            let row = SiteRow {
                site,
                specialty,
                period,
                before,
                new: result.plan.new_beds.get(&key).copied().unwrap_or_default(),
                moves: result.plan.moves.get(&key).copied().unwrap_or_default(),
                occupied: occupied.get(&key).copied().unwrap_or_default(),
                cap: result.cap_at(system, site, specialty),
            };
            before = row.after();
            rows.push(row);
        }
    }
    rows
}

fn area_rows(system: &CareSystem, result: &RunResult) -> Vec<AreaRow> {
    let periods = system.periods.len();
    let mut rows: Vec<AreaRow> = system
        .areas
        .indices()
        .flat_map(|area| system.periods.indices().map(move |period| (area, period)))
        .map(|(area, period)| AreaRow {
            area,
            period,
            outcome: NeedOutcome::default(),
            travel: BedMinutes::ZERO,
        })
        .collect();
    let at = |area: AreaIx, period: PeriodIx| area.get() * periods + period.get();
    for (&(area, _, period), outcome) in &result.plan.needs {
        rows[at(area, period)].outcome += *outcome;
    }
    for flow in &result.plan.flows {
        rows[at(flow.area, flow.period)].travel += flow.treated * flow.minutes;
    }
    rows
}

fn by_place<P: Ix>(
    system: &CareSystem,
    sites: &[SiteRow],
    areas: &[AreaRow],
    places: impl Iterator<Item = P>,
    of_site: impl Fn(&Site) -> P,
    of_area: Option<impl Fn(&Area) -> P>,
) -> BTreeMap<(P, PeriodIx), PlaceSum> {
    let mut sums: BTreeMap<(P, PeriodIx), PlaceSum> = places
        .flat_map(|place| system.periods.indices().map(move |period| ((place, period), PlaceSum::default())))
        .collect();
    for row in sites {
        sums.entry((of_site(&system.sites[row.site]), row.period)).or_default().add_site(row);
    }
    if let Some(of_area) = of_area {
        for row in areas {
            sums.entry((of_area(&system.areas[row.area]), row.period)).or_default().add_area(row);
        }
    }
    sums
}

/// The result of a comparator; `None` when the run has none.
pub fn comparator(result: &RunResult, wanted: Comparator) -> Option<&ComparatorResult> {
    result.comparators.iter().find(|found| found.comparator == wanted)
}

/// Unmet need of a region if nothing were done, all periods added up by their probability; `None` when that
/// is not known.
pub fn unmet_before(system: &CareSystem, result: &RunResult, region: RegionIx) -> Option<OccupiedBeds> {
    Some(comparator(result, Comparator::DoNothing)?.unmet_of(system, region))
}

/// The same in the last wave only.
pub fn unmet_before_at_the_end(
    system: &CareSystem,
    result: &RunResult,
    region: RegionIx,
) -> Option<OccupiedBeds> {
    let nothing = comparator(result, Comparator::DoNothing)?;
    let periods = system.periods.iter().filter(|(_, _, stretch)| stretch.wave == last_wave(system));
    Some(periods.map(|(period, _, stretch)| nothing.unmet_in(region, period) * stretch.probability).sum())
}

/// Shares that differ by less are alike: which of them is the largest is rounding.
pub const ALIKE: f64 = 1e-6;

/// The region with the largest unmet share, the first of those alike, and that share, when each has so much unmet need;
/// `None` when no region has any.
pub fn worst_region(
    system: &CareSystem,
    sums: &Sums,
    unmet: impl Fn(RegionIx) -> OccupiedBeds,
) -> Option<(RegionIx, Proportion)> {
    let mut worst: Option<(RegionIx, Proportion)> = None;
    for region in system.regions.indices() {
        let unmet = unmet(region);
        let found = share(unmet, sums.region(system, region).need).filter(|_| unmet.0 > NOISE);
        if let Some(found) = found.filter(|share| worst.is_none_or(|(_, most)| share.0 > most.0 + ALIKE)) {
            worst = Some((region, found));
        }
    }
    worst
}
