//! Settings of what can be done besides new acute beds, and of money and staff, before the names in them
//! are looked up in the tables.

use super::model_file::{Located, Named, Pick, find};
use super::yaml::Node;
use crate::domain::measures::{BedManagement, MoneyLimit, Prevention, RegionStaff};
use crate::domain::units::{Beds, Nurses, Pounds, Proportion};

/// Settings of step-down beds.
#[derive(Debug, Clone)]
pub struct StepDownSettings {
    /// Share of need that a step-down bed can take, by specialty.
    pub eligible: Named,
    /// Acute days that one step-down day replaces.
    pub substitution: Proportion,
    /// Occupancy cap.
    pub occupancy: Proportion,
    /// Most beds that may be opened.
    pub new_beds: Beds,
    /// £ a bed-day.
    pub cost_per_bed_day: Pounds,
    /// The service under which councils pay for them.
    pub service: Option<Located<String>>,
}

/// All these settings; a part is `None` when the model does not have it.
#[derive(Debug, Clone)]
pub struct MeasureSettings {
    /// Step-down beds.
    pub step_down: Option<StepDownSettings>,
    /// Prevention.
    pub prevention: Option<Prevention>,
    /// Shorter stays.
    pub bed_management: Option<BedManagement>,
    /// Money in every period.
    pub money: MoneyLimit,
    /// Money in some periods.
    pub money_of_periods: Vec<(Located<String>, MoneyLimit)>,
    /// Nurses by region.
    pub staff: Vec<(Located<String>, RegionStaff)>,
}

impl MeasureSettings {
    /// Reads a tree that was checked and filled in.
    pub fn read(root: &Node) -> Self {
        let pick = |path: &str| Pick { node: find(root, path), root };
        let pounds = |path: &str| pick(path).maybe(|p| Pounds(p.number().value));
        Self {
            step_down: find(root, "step_down").map(|_| read_step_down(root)),
            prevention: find(root, "prevention").map(|_| Prevention {
                budget: pounds("prevention.budget"),
                ramp: Proportion(pick("prevention.ramp").number().value),
            }),
            bed_management: find(root, "bed_management").map(|_| BedManagement {
                limit: Proportion(pick("bed_management.limit").number().value),
                cost_per_bed_day: Pounds(pick("bed_management.cost_per_bed_day").number().value),
                budget: pounds("bed_management.budget"),
            }),
            money: MoneyLimit { capital: pounds("money.capital"), revenue: pounds("money.revenue") },
            money_of_periods: blocks(root, "money.periods", |node| {
                let pounds = |key: &str| node.get(key).and_then(Node::number).map(Pounds);
                Some(MoneyLimit { capital: pounds("capital"), revenue: pounds("revenue") })
            }),
            staff: read_staff(root),
        }
    }
}

fn read_step_down(root: &Node) -> StepDownSettings {
    let pick = |path: &str| Pick { node: find(root, path), root };
    StepDownSettings {
        eligible: pick("step_down.eligible").named(),
        substitution: Proportion(pick("step_down.substitution").number().value),
        occupancy: Proportion(pick("step_down.occupancy").number().value),
        new_beds: Beds(pick("step_down.new_beds").number().value),
        cost_per_bed_day: Pounds(pick("step_down.cost_per_bed_day").number().value),
        service: pick("step_down.service").maybe(Pick::text),
    }
}

/// Nurses of the regions that state them.
fn read_staff(root: &Node) -> Vec<(Located<String>, RegionStaff)> {
    let common = Pick { node: find(root, "staff.nurses_per_bed"), root }.number().value;
    blocks(root, "staff.regions", |node| {
        let number = |key: &str| node.get(key).and_then(Node::number);
        let nurses = Nurses(number("nurses")?);
        Some(RegionStaff { nurses, per_bed: number("nurses_per_bed").unwrap_or(common) })
    })
}

/// The blocks below a path, by the names that the user gave them.
fn blocks<T>(root: &Node, path: &str, read: impl Fn(&Node) -> Option<T>) -> Vec<(Located<String>, T)> {
    let entries = find(root, path).map(Node::entries).unwrap_or_default();
    let named = |entry: &super::yaml::Entry| Located { value: entry.key.clone(), at: entry.at.clone() };
    entries.iter().filter_map(|entry| Some((named(entry), read(&entry.node)?))).collect()
}
