//! What a value curve, a table of ranges and a replay say, as data and in words.

use super::concession::{Change, RegionChange, SiteChange, regions, sites};
use super::ledger::{Entry, Ledger};
use super::outcome::{EveryAim, Outcome};
use super::value::{Lowest, ValueCurve, ValueRow};
use super::words::{beds, england, later_aims, over_waves, place, share_words};
use crate::domain::RegionIx;
use crate::domain::number::{grouped, nine_decimals, percent};
use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use serde::Serialize;

/// Beds this near are the same for a reader.
const SAME_BEDS: f64 = 0.05;

/// What each number of beds is worth to a region.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Value {
    /// Code.
    pub region: String,
    /// Name.
    pub name: String,
    /// Its new beds in the plan.
    pub plan_beds: Beds,
    /// The unit of England's unmet need.
    pub unit: &'static str,
    /// What the equity groups are.
    pub group: &'static str,
    /// What the plan's number of beds comes to; `None` where it lies beyond the curve.
    pub at_plan: Option<ValueRow>,
    /// Its beds in plans equally good for every aim, where the result tells them.
    pub every_aim: Option<EveryAim>,
    /// Ends and breakpoints: everything is straight between them.
    pub rows: Vec<ValueRow>,
    /// Programs solved.
    pub solves: usize,
    /// In words.
    pub told: Vec<String>,
}

impl Value {
    /// The curve that is told.
    pub fn curve(&self) -> ValueCurve {
        ValueCurve { rows: self.rows.clone(), solves: self.solves }
    }
}

/// Tells a value curve.
pub fn value(
    system: &CareSystem,
    region: RegionIx,
    plan_beds: Beds,
    curve: &ValueCurve,
    every_aim: Option<EveryAim>,
) -> Value {
    let mut found = Value {
        region: system.regions.id(region).to_string(),
        name: place(system, region).to_owned(),
        plan_beds,
        unit: england(system),
        group: share_words(system),
        at_plan: curve.at(plan_beds),
        every_aim,
        rows: curve.rows.clone(),
        solves: curve.solves,
        told: Vec::new(),
    };
    found.told = value_words(&found, curve);
    found.told.extend(over_waves(system));
    found
}

fn value_words(found: &Value, curve: &ValueCurve) -> Vec<String> {
    let (Some(first), Some(last)) = (curve.rows.first(), curve.rows.last()) else { return Vec::new() };
    let (name, unit, group) = (&found.name, found.unit, found.group);
    let mut told = vec![format!(
        "In the plan {name} gets {} new beds. The rules of the model would let it have from {} to {}.",
        beds(found.plan_beds.0),
        beds(first.beds.0),
        beds(last.beds.0)
    )];
    if let Some(lowest) = curve.lowest(|row| Some(row.england_unmet.0)) {
        let what = format!("England's unmet need is at its least, {} {unit},", grouped(lowest.value, 1));
        let more = |row: &ValueRow| format!("{} {unit} more", grouped(row.england_unmet.0 - lowest.value, 1));
        told.push(stretch(&what, lowest, (first, last), more));
    }
    if let Some(lowest) = curve.lowest(|row| row.worst_share.map(|share| share.0)) {
        let what = format!(
            "Of these plans, the worst-off {group} is best off, with {} of its need unmet,",
            percent(lowest.value)
        );
        let share = |row: &ValueRow| row.worst_share.map_or(String::new(), |share| percent(share.0));
        told.push(stretch(&what, lowest, (first, last), share));
    }
    if let Some(row) = found.at_plan {
        let (least, most) = (row.own_least, row.own_most);
        told.push(if (most - least).0 < SAME_BEDS {
            format!(
                "With the plan's beds, {} occupied beds of {name}'s own people's need stay unmet.",
                grouped(least.0, 1)
            )
        } else {
            format!(
                "With the plan's beds, {} to {} occupied beds of {name}'s own people's need stay unmet, in plans \
                 equally good for England and for the worst-off {group}.",
                grouped(least.0, 1),
                grouped(most.0, 1)
            )
        });
    }
    told.extend(found.every_aim.map(|every_aim| later_aims(name, every_aim)));
    told
}

/// "X from a to b beds; at c beds it is y, at d beds z."
fn stretch(
    what: &str,
    lowest: Lowest,
    (first, last): (&ValueRow, &ValueRow),
    value: impl Fn(&ValueRow) -> String,
) -> String {
    let below = (lowest.from - first.beds).0 > SAME_BEDS;
    let above = (last.beds - lowest.to).0 > SAME_BEDS;
    let at = |row: &ValueRow| format!("with {} it would be {}", beds(row.beds.0), value(row));
    let beyond = match (below, above) {
        (false, false) => return format!("{what} whatever number it gets."),
        (true, false) => at(first),
        (false, true) => at(last),
        (true, true) => format!("{}, {}", at(first), at(last)),
    };
    let stands = if (lowest.to - lowest.from).0 <= SAME_BEDS {
        format!("with {} beds", beds(lowest.from.0))
    } else {
        format!("from {} to {} beds", beds(lowest.from.0), beds(lowest.to.0))
    };
    format!("{what} {stands}; {beyond}.")
}

/// Least and most beds of a region.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Range {
    /// By how much the aims may be missed, as a share of their best values.
    pub within: Proportion,
    /// Fewest new beds.
    pub least_beds: Beds,
    /// Most new beds.
    pub most_beds: Beds,
}

/// The ranges of one region.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RegionRanges {
    /// Code.
    pub region: String,
    /// Name.
    pub name: String,
    /// Its new beds in the plan.
    pub plan_beds: Beds,
    /// In order of the share.
    pub ranges: Vec<Range>,
}

/// Least and most beds of every region in plans that are nearly as good.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranges {
    /// England's least unmet need.
    pub england_unmet: OccupiedBeds,
    /// Its unit.
    pub unit: &'static str,
    /// The worst-off group's share at the optimum.
    pub worst_share: Option<Proportion>,
    /// What the equity groups are.
    pub group: &'static str,
    /// Every region.
    pub regions: Vec<RegionRanges>,
}

/// Sets out ranges, of which each region has one for every share.
pub fn ranges(
    system: &CareSystem,
    best: (OccupiedBeds, Option<Proportion>),
    plan_beds: impl Fn(RegionIx) -> Beds,
    of_region: impl Fn(RegionIx) -> Vec<Range>,
) -> Ranges {
    let one = |region: RegionIx| RegionRanges {
        region: system.regions.id(region).to_string(),
        name: place(system, region).to_owned(),
        plan_beds: plan_beds(region),
        ranges: of_region(region),
    };
    Ranges {
        england_unmet: best.0,
        unit: england(system),
        worst_share: best.1,
        group: share_words(system),
        regions: system.regions.indices().map(one).collect(),
    }
}

/// New beds of a site's specialty in an agreed plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgreedBeds {
    /// Code.
    pub site: String,
    /// Code.
    pub specialty: String,
    /// Code.
    pub period: String,
    /// From the national pool.
    pub new_beds: f64,
}

/// A ledger played again from the start.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Replay {
    /// Lines, all of which were worked out anew and found right.
    pub entries: usize,
    /// What is settled.
    pub settled: Vec<Entry>,
    /// England's unmet need: in the result, and as agreed.
    pub england_unmet: Change,
    /// Its unit.
    pub unit: &'static str,
    /// Unmet share of the worst-off group.
    pub worst_share: Option<Change>,
    /// Journeys, as the model's travel term counts them: patient-bed minutes.
    pub travel: Option<Change>,
    /// What the equity groups are.
    pub group: &'static str,
    /// Every region.
    pub regions: Vec<RegionChange>,
    /// Sites whose beds change most.
    pub sites: Vec<SiteChange>,
    /// The agreed plan: every pool of beds that gets new ones.
    pub plan: Vec<AgreedBeds>,
}

/// Sets the agreed plan beside the result's.
pub fn replay(system: &CareSystem, ledger: &Ledger, before: &Outcome, after: &Outcome) -> Replay {
    let worst = before.worst_share.zip(after.worst_share);
    let agreed = |(&(site, specialty, period), beds): (&super::outcome::Pool, &Beds)| AgreedBeds {
        site: system.sites.id(site).to_string(),
        specialty: system.specialties.id(specialty).to_string(),
        period: system.periods.id(period).to_string(),
        new_beds: nine_decimals(beds.0),
    };
    let given = after.new_beds.iter().filter(|(_, beds)| beds.0 > LEAST_GIVEN);
    Replay {
        entries: ledger.entries.len(),
        settled: ledger.settled().into_iter().cloned().collect(),
        england_unmet: Change::new(before.unmet.0, after.unmet.0),
        unit: england(system),
        worst_share: worst.map(|(before, after)| Change::new(before.0, after.0)),
        travel: before.travel.zip(after.travel).map(|(before, after)| Change::new(before.0, after.0)),
        group: share_words(system),
        regions: regions(system, before, after),
        sites: sites(system, before, after),
        plan: given.map(agreed).collect(),
    }
}

/// Fewer beds than this are rounding.
const LEAST_GIVEN: f64 = 1e-6;
