//! A plan over merged areas, spread over the areas themselves.

use crate::domain::{AreaIx, SpecialtyIx};
use crate::formulation::Formulation;
use crate::formulation::demand_points::DemandPoints;
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
    let parts: BTreeMap<(AreaIx, SpecialtyIx), (AreaIx, f64)> = areas
        .iter()
        .map(|point| {
            let representative = points.representative(point.area, point.specialty);
            let part = point.need.0 / needs[&(representative, point.specialty)];
            ((point.area, point.specialty), (representative, part))
        })
        .collect();
    let value = |key: VariableKey| coarse.column(key).map_or(0.0, |column| columns[column.get()]);
    fine.variables()
        .iter()
        .map(|&key| match key {
            VariableKey::Treated(treated) => {
                let (area, part) = parts[&(treated.area, treated.specialty)];
                part * value(Treated { area, ..treated }.into())
            }
            VariableKey::Unmet(unmet) => {
                let (area, part) = parts[&(unmet.area, unmet.specialty)];
                part * value(Unmet { area, ..unmet }.into())
            }
            other => value(other),
        })
        .collect()
}
