//! Planning rules: what the planners decided, in numbers with units.
//!
//! Defaults live in `input/defaults.rs`; everything here is already resolved and checked.

use super::erlang::RefusalLimits;
use super::induced::InducedDemand;
use super::justification::Justification;
use super::measures::{BedManagement, MoneyLimits, Prevention, Staff, StepDown};
use super::moves::{Conversion, Protection, Reallocation, SiteChoice};
use super::period::WorstTail;
use super::units::{BedEquivalents, Beds, Minutes, OccupiedBeds, Pounds, Proportion};
use super::{CommissionerIx, RegionIx, ServiceIx, SiteIx, SpecialtyIx, TrustIx};
use std::collections::BTreeMap;

/// All planning rules of a model.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The national pool of new beds.
    pub pool: BedPool,
    /// Beds come in multiples of this ward; `None` where parts of a bed will do.
    pub whole_beds: Option<Beds>,
    /// Occupancy caps.
    pub occupancy: OccupancyCaps,
    /// Who can reach what.
    pub reach: Reach,
    /// Most a site may grow, as a share of its beds today; `None` for no limit.
    pub growth_limit: Option<Proportion>,
    /// Least and most new beds of a region, commissioner or trust.
    pub agreements: Vec<Agreement>,
    /// New beds fixed at a site.
    pub pins: Vec<Pin>,
    /// Councils' money and the beds it releases; `None` when this part is off.
    pub social_care: Option<SocialCare>,
    /// Beds that move between sites; `None` when none do.
    pub reallocation: Option<Reallocation>,
    /// Beds that change their specialty; `None` when none do.
    pub conversion: Option<Conversion>,
    /// Beds that must stay where they are.
    pub protected: Vec<Protection>,
    /// Most that closes in a period, as a share of a site's beds of a specialty before it; `None` where no
    /// beds close.
    pub closure_limit: Option<Proportion>,
    /// Whether beds close only once other provision is there.
    pub closure_precedence: bool,
    /// Sites that may open or close as a whole.
    pub site_choices: Vec<SiteChoice>,
    /// What to optimise.
    pub objective: Objective,
    /// Unit costs.
    pub costs: Costs,
    /// How need answers to beds.
    pub induced: InducedDemand,
    /// Step-down beds at community sites; `None` when this part is off.
    pub step_down: Option<StepDown>,
    /// Prevention programmes; `None` when this part is off.
    pub prevention: Option<Prevention>,
    /// Shorter stays; `None` when this part is off.
    pub bed_management: Option<BedManagement>,
    /// Most money that the NHS may spend on the plan.
    pub money: MoneyLimits,
    /// Nurses that regions have.
    pub staff: Staff,
    /// Why places are different from the national standards, as written beside the model.
    pub justifications: Vec<Justification>,
    /// Where the settings of the model file were written.
    pub origins: Origins,
}

/// Where each setting of a model file was written, by its key path (`new_beds.total`); defaults have no entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins(pub BTreeMap<String, Origin>);

impl Origins {
    /// What stands for a row of a table: no setting is called so.
    pub fn row(table: &str, id: &str) -> String {
        format!("{table}.csv {id}")
    }
    /// Where the first of these settings that anybody wrote stands.
    pub fn first_of(&self, paths: &[&str]) -> Option<&Origin> {
        paths.iter().find_map(|path| self.0.get(*path))
    }
}

/// The national pool of new beds.
#[derive(Debug, Clone, Copy)]
pub struct BedPool {
    /// Beds to give out over the whole plan.
    pub total: Beds,
    /// Whether every bed must be given out.
    pub must_spend: bool,
}

/// Most of a site's beds that may be occupied on average.
#[derive(Debug, Clone, Default)]
pub struct OccupancyCaps {
    /// For specialties not named.
    pub cap: Proportion,
    /// For some specialties.
    pub specialties: BTreeMap<SpecialtyIx, Proportion>,
    /// For some pools of beds: caps that were tightened so that a pool refuses no more than it may.
    pub pools: BTreeMap<(SiteIx, SpecialtyIx), Proportion>,
    /// Most that a pool of beds may refuse.
    pub refusals: RefusalLimits,
}

impl OccupancyCaps {
    /// The cap of a pool: its own where it was tightened, else the specialty's.
    pub fn cap_at(&self, site: SiteIx, specialty: SpecialtyIx) -> Proportion {
        self.pools.get(&(site, specialty)).copied().unwrap_or_else(|| self.cap_of(specialty))
    }
    /// The cap for a specialty.
    pub fn cap_of(&self, specialty: SpecialtyIx) -> Proportion {
        self.specialties.get(&specialty).copied().unwrap_or(self.cap)
    }
}

/// Who can reach what, and what travel costs.
#[derive(Debug, Clone)]
pub struct Reach {
    /// Longest journey for specialties not named.
    pub limit: Minutes,
    /// Longest journey for some specialties.
    pub specialties: BTreeMap<SpecialtyIx, Minutes>,
    /// Travel up to here weighs nothing.
    pub free: Minutes,
    /// Travel beyond here weighs more.
    pub steep_after: Minutes,
    /// How many times more.
    pub steep_factor: f64,
    /// Only so many nearest sites that offer the specialty; `None` for all in reach.
    pub nearest_sites: Option<usize>,
}

impl Reach {
    /// The longest journey for a specialty.
    pub fn limit_of(&self, specialty: SpecialtyIx) -> Minutes {
        self.specialties.get(&specialty).copied().unwrap_or(self.limit)
    }
    /// The longest journey for any specialty.
    pub fn longest(&self) -> Minutes {
        self.specialties.values().fold(self.limit, |longest, limit| longest.max(*limit))
    }
    /// What a journey weighs: nothing up to the free limit, then its minutes beyond it, and more for
    /// those beyond the second limit.
    ///
    /// T(τ) = max(0, τ − free) + (factor − 1) · max(0, τ − steep)
    pub fn weighted_minutes(&self, journey: Minutes) -> Minutes {
        let beyond_free = (journey - self.free).max(Minutes::ZERO);
        let beyond_steep = (journey - self.steep_after).max(Minutes::ZERO);
        beyond_free + beyond_steep * (self.steep_factor - 1.0)
    }
}

/// Where a rule was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// File, as the user named it.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
}

/// Whom an agreement binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// All sites of a region.
    Region(RegionIx),
    /// All sites of a commissioner.
    Commissioner(CommissionerIx),
    /// All sites of a trust.
    Trust(TrustIx),
}

/// Whose new beds a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those of all sites of a region, commissioner or trust.
    Scope(Scope),
    /// Those of a site, or of one of its specialties.
    Site(SiteIx, Option<SpecialtyIx>),
}

/// Least and most new beds in a scope.
#[derive(Debug, Clone)]
pub struct Agreement {
    /// Whom it binds.
    pub scope: Scope,
    /// Least new beds.
    pub min: Option<Beds>,
    /// Most new beds.
    pub max: Option<Beds>,
    /// Where it was written.
    pub origin: Origin,
}

/// New beds fixed at a site.
#[derive(Debug, Clone)]
pub struct Pin {
    /// The site.
    pub site: SiteIx,
    /// One specialty, or the site's total.
    pub specialty: Option<SpecialtyIx>,
    /// New beds, exactly.
    pub beds: Beds,
    /// The reason given.
    pub why: String,
    /// Where it was written.
    pub origin: Origin,
}

/// Councils' money and the delayed beds it releases.
#[derive(Debug, Clone)]
pub struct SocialCare {
    /// NHS money that may be given to councils, £ a year, all councils together.
    pub pooled_fund: Pounds,
    /// Least share of today's spend that each service keeps.
    pub floors: BTreeMap<ServiceIx, Proportion>,
    /// The service whose spend releases delayed beds; `None` when no service does.
    pub releasing_service: Option<ServiceIx>,
    /// What release costs, cheapest step first.
    pub discharge_curve: Vec<CurveStep>,
    /// Share of delay that social care can touch.
    pub touchable: Proportion,
    /// Share of delay that nobody can release.
    pub irreducible: Proportion,
}

impl SocialCare {
    /// Share of delayed beds that money can release: touchable × (1 − irreducible).
    pub fn deliverable_share(&self) -> Proportion {
        Proportion(self.touchable.0 * (1.0 - self.irreducible.0))
    }
    /// Least share of today's spend that a service keeps; all of it when no floor is given.
    pub fn floor_of(&self, service: ServiceIx) -> Proportion {
        self.floors.get(&service).copied().unwrap_or(Proportion(1.0))
    }
}

/// One step of the discharge curve.
#[derive(Debug, Clone, Copy)]
pub struct CurveStep {
    /// Share of the deliverable delay that this step releases.
    pub share: Proportion,
    /// £ for each delayed bed-day released.
    pub cost_per_bed_day: f64,
}

/// A term of the objective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Term {
    /// Weighted unmet need.
    Unmet,
    /// The worst relative unmet need among the equity groups.
    Inequality,
    /// Weighted travel; unmet need as if it went to the nearest site.
    Travel,
    /// Beds and money moved away from today's use.
    Disruption,
    /// Money.
    Cost,
}

impl Term {
    /// All terms, in the default order of priority.
    pub const ALL: [Self; 5] = [Self::Unmet, Self::Inequality, Self::Travel, Self::Disruption, Self::Cost];
    /// Its name in model files and results.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unmet => "unmet",
            Self::Inequality => "inequality",
            Self::Travel => "travel",
            Self::Disruption => "disruption",
            Self::Cost => "cost",
        }
    }
    /// The unit of its value.
    pub fn unit(self) -> &'static str {
        use super::units::Quantity;
        match self {
            Self::Unmet => "weighted occupied beds",
            Self::Inequality => Proportion::UNIT,
            Self::Travel => super::units::BedMinutes::UNIT,
            Self::Disruption => BedEquivalents::UNIT,
            Self::Cost => Pounds::UNIT,
        }
    }
    /// The term of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|term| term.name() == name)
    }
}

/// How the terms are combined.
#[derive(Debug, Clone)]
pub enum Combination {
    /// One after another, each held while the next is optimised.
    Priorities(Vec<Level>),
    /// One weighted sum.
    Weights(BTreeMap<Term, f64>),
}

/// One level of priority.
#[derive(Debug, Clone, Copy)]
pub struct Level {
    /// What is optimised.
    pub term: Term,
    /// How much of it later levels may give up, in the term's unit (0: nothing).
    pub tolerance: f64,
}

/// What the equity groups are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EquityGroups {
    /// Regions.
    Region,
    /// Commissioners.
    Commissioner,
    /// Fifths of areas by deprivation.
    DeprivationQuintile,
}

/// How plans that are equally good are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TieBreak {
    /// The plan nearest to each site's share of need.
    NeedShare,
    /// None: the solver's own choice.
    None,
}

/// What to optimise.
#[derive(Debug, Clone)]
pub struct Objective {
    /// How the terms are combined.
    pub combination: Combination,
    /// Among whom unmet need is shared fairly.
    pub equity_groups: EquityGroups,
    /// After the worst-off group the next worst, and so on.
    pub leximin: bool,
    /// How ties are settled.
    pub tie_break: TieBreak,
    /// Weight of unmet need in the most deprived areas (least deprived: 1; linear in between).
    pub most_deprived_weight: f64,
    /// Urgency weight of some specialties (others: 1).
    pub urgency: BTreeMap<SpecialtyIx, f64>,
    /// How the worst scenarios of need count; `None` for the mean of all.
    pub worst_tail: Option<WorstTail>,
}

impl Objective {
    /// Weight of unmet need in an area, by its deprivation decile: 1 in the least deprived tenth,
    /// `most_deprived_weight` in the most deprived, linear in between; 1 where the decile is unknown.
    pub fn area_weight(&self, decile: Option<u8>) -> f64 {
        decile.map_or(1.0, |d| 1.0 + (self.most_deprived_weight - 1.0) * (10.0 - f64::from(d)) / 9.0)
    }
    /// Urgency weight of a specialty.
    pub fn urgency_of(&self, specialty: SpecialtyIx) -> f64 {
        self.urgency.get(&specialty).copied().unwrap_or(1.0)
    }
}

/// Unit costs.
#[derive(Debug, Clone, Copy)]
pub struct Costs {
    /// £ to build a bed, once.
    pub capital_per_bed: Pounds,
    /// Years over which the building is written off.
    pub capital_life_years: f64,
    /// £ for a staffed bed-day.
    pub revenue_per_bed_day: Pounds,
}

impl Costs {
    /// £ a year for one more bed: the building's yearly share and 365 staffed days.
    pub fn bed_year(&self) -> Pounds {
        self.capital_per_bed / self.capital_life_years + self.revenue_per_bed_day * 365.0
    }
    /// £ a year for something built once: its cost over the years that a building lasts.
    pub fn yearly(&self, once: Pounds) -> Pounds {
        once / self.capital_life_years
    }
    /// £ a year of running one bed: what makes money and beds comparable in the disruption term.
    pub fn bed_equivalent(&self) -> Pounds {
        self.revenue_per_bed_day * 365.0
    }
}

/// Days in a year, for turning £ a bed-day into £ a bed a year.
pub const DAYS_IN_YEAR: f64 = 365.0;

/// Delayed beds that money can release.
pub fn deliverable(delayed: OccupiedBeds, social_care: &SocialCare) -> OccupiedBeds {
    delayed * social_care.deliverable_share()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn journeys_weigh_nothing_then_their_minutes_then_double() {
        let reach = Reach {
            limit: Minutes(60.0),
            specialties: BTreeMap::new(),
            free: Minutes(20.0),
            steep_after: Minutes(40.0),
            steep_factor: 2.0,
            nearest_sites: None,
        };
        let weigh = |minutes| reach.weighted_minutes(Minutes(minutes)).0;
        assert_eq!((weigh(15.0), weigh(30.0), weigh(50.0)), (0.0, 10.0, 40.0));
    }
}
