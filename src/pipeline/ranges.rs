//! The least and most new beds that a region could have in a plan that is just as good.

use super::error::RunError;
use super::observer::{self, Observer};
use super::result::RegionRange;
use super::stage::{Solved, Stage};
use crate::domain::RegionIx;
use crate::domain::system::CareSystem;
use crate::domain::units::Beds;
use crate::formulation::keys::VariableKey;
use crate::lp::ColumnIx;

/// Two programs for each region, over the face that the levels left. `None` when the solver was stopped.
pub fn region_ranges(
    stage: &mut Stage,
    system: &CareSystem,
    observer: &mut dyn Observer,
) -> Result<Option<Vec<RegionRange>>, RunError> {
    let mut ranges = Vec::new();
    for region in system.regions.indices() {
        let doing = observer::Stage::Range(region);
        observer.starts(doing);
        let least = extreme(stage, system, region, 1.0)?;
        let most = extreme(stage, system, region, -1.0)?;
        observer.ends(doing);
        let (Some(least), Some(most)) = (least, most) else { return Ok(None) };
        ranges.push(RegionRange { region, least, most });
    }
    Ok(Some(ranges))
}

fn extreme(
    stage: &mut Stage,
    system: &CareSystem,
    region: RegionIx,
    sign: f64,
) -> Result<Option<Beds>, RunError> {
    let expression: Vec<(ColumnIx, f64)> = stage
        .formulation
        .decisions()
        .filter_map(|(column, key)| match key {
            VariableKey::NewBeds(new) if system.sites[new.site].region == region => Some((column, sign)),
            _ => None,
        })
        .collect();
    Ok(match stage.minimise(&expression)? {
        Solved::Level(solution) => {
            let beds: f64 = expression.iter().map(|(column, _)| solution.columns[column.get()]).sum();
            Some(Beds(beds.max(0.0)))
        }
        Solved::Infeasible | Solved::Stopped(..) => None,
    })
}
