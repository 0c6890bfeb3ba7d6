//! Words that several findings of a negotiation share.

use super::outcome::EveryAim;
use crate::domain::RegionIx;
use crate::domain::number::grouped;
use crate::domain::policy::EquityGroups;
use crate::domain::system::CareSystem;

/// The name of a region; its code where it has none.
pub fn place(system: &CareSystem, region: RegionIx) -> &str {
    let name = &system.regions[region].name;
    if name.trim().is_empty() { system.regions.id(region).as_str() } else { name }
}

/// The unit of England's unmet need: weighted, where the model weighs need.
pub fn england(system: &CareSystem) -> &'static str {
    let objective = &system.policy.objective;
    let plain = objective.most_deprived_weight == 1.0
        && objective.urgency.values().all(|weight| *weight == 1.0)
        && system.worst_tail().is_none();
    if plain { "occupied beds" } else { "weighted occupied beds" }
}

/// What the equity groups are, one of them.
pub fn share_words(system: &CareSystem) -> &'static str {
    match system.policy.objective.equity_groups {
        EquityGroups::Region => "region",
        EquityGroups::Commissioner => "commissioner",
        EquityGroups::DeprivationQuintile => "fifth of areas by deprivation",
    }
}

/// How to read the figures of a model with several waves; `None` where there is one.
pub fn over_waves(system: &CareSystem) -> Option<String> {
    let waves = system.opening_periods().count();
    (waves > 1).then(|| {
        format!(
            "Unmet need, journeys and the share of the worst-off {} are those of all {waves} waves, added up.",
            share_words(system)
        )
    })
}

/// Beds to a tenth.
pub fn beds(beds: f64) -> String {
    grouped(beds, 1)
}

/// What lies beyond the aims that talks look at.
pub fn later_aims(name: &str, every_aim: EveryAim) -> String {
    format!(
        "Later aims (journeys, change, cost) are not counted here: in plans equally good for every aim {name} gets from \
         {} to {} new beds, and with more or fewer a later aim pays. `--more` and `--accepts` tell how much.",
        beds(every_aim.least_beds.0),
        beds(every_aim.most_beds.0)
    )
}
