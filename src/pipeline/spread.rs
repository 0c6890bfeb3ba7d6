//! A plan over merged areas, spread over the areas themselves.

use crate::domain::{AreaIx, SpecialtyIx};
use crate::formulation::Formulation;
use crate::formulation::demand_points::{DemandPoint, DemandPoints};
use crate::formulation::keys::{Treated, Unmet, VariableKey};
use std::collections::BTreeMap;

/// Column values of the program over all areas that do what those of the program over merged areas do:
/// each area gets its part of what its merged point gets, by need.
pub fn spread(
    merged: (&Formulation, &DemandPoints, &[f64]),
    fine: &Formulation,
    areas: &DemandPoints,
) -> Vec<f64> {
    let (coarse, points, columns) = merged;
    let needs: BTreeMap<(AreaIx, SpecialtyIx), f64> =
        points.iter().map(|point| ((point.area, point.specialty), point.need.0)).collect();
    let fine_points: BTreeMap<(AreaIx, SpecialtyIx), &DemandPoint> =
        areas.iter().map(|point| ((point.area, point.specialty), point)).collect();
    let value = |key: VariableKey| coarse.column(key).map_or(0.0, |column| columns[column.get()]);
    let mut values = vec![0.0; fine.program().columns()];
    for (column, key) in fine.decisions() {
        let VariableKey::Unmet(Unmet { area, specialty, period }) = key else {
            values[column.get()] = value(key);
            continue;
        };
        // Every point has its unmet need, and those treated of it beside.
        let point = fine_points[&(area, specialty)];
        let area = points.representative(area, specialty);
        let part = point.need.0 / needs[&(area, specialty)];
        values[column.get()] = part * value(Unmet { area, specialty, period }.into());
        for (reachable, treated) in fine.treated(point, period) {
            let key = Treated { area, site: reachable.site, specialty, period };
            values[treated.get()] = part * value(key.into());
        }
    }
    values
}
