//! `value_curves.csv`: what each number of new beds is worth to each region, which `bedalloc negotiate --curves` finds and
//! adds to a result folder.

use super::table::{Cell, Table};
use crate::insight::negotiate::curve::same;
use crate::insight::negotiate::finding::Value;
use crate::insight::negotiate::value::ValueRow;

/// The name of the table in a result folder.
pub const NAME: &str = "value_curves.csv";

/// What the row with the plan's own number of beds is called in the column `point`.
pub const PLAN: &str = "plan";

/// The table: of each region the ends and breakpoints of its curve, and the plan's own number of beds, in order of beds.
/// Everything is straight from row to row. `point` says `end`, `bend` or `plan`; where the plan stands on an end or a
/// breakpoint, that row says `plan`.
pub fn table(curves: &[Value]) -> Vec<u8> {
    let mut table = Table::new(&[
        "region",
        "name",
        "point",
        "new_beds",
        "england_unmet_beds",
        "worst_unmet_share",
        "own_unmet_least_beds",
        "own_unmet_most_beds",
    ]);
    for curve in curves {
        for (point, row) in points(curve) {
            table.row(&[
                Cell::Text(&curve.region),
                Cell::Text(&curve.name),
                Cell::Text(point),
                Cell::Number(row.beds.0),
                Cell::Number(row.england_unmet.0),
                Cell::maybe(row.worst_share.map(|share| share.0)),
                Cell::Number(row.own_least.0),
                Cell::Number(row.own_most.0),
            ]);
        }
    }
    table.finish()
}

/// The rows of a curve with what each is.
fn points(curve: &Value) -> Vec<(&'static str, ValueRow)> {
    let last = curve.rows.len().saturating_sub(1);
    let kind = |at: usize| if at == 0 || at == last { "end" } else { "bend" };
    let mut points: Vec<_> = curve.rows.iter().enumerate().map(|(at, row)| (kind(at), *row)).collect();
    if let Some(plan) = curve.at_plan {
        let after = points.iter().position(|(_, row)| row.beds > plan.beds || same(row.beds, plan.beds));
        match after {
            Some(at) if same(points[at].1.beds, plan.beds) => points[at].0 = PLAN,
            Some(at) => points.insert(at, (PLAN, plan)),
            None => points.push((PLAN, plan)),
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::units::{Beds, OccupiedBeds, Proportion};

    fn row(beds: f64, unmet: f64, share: Option<f64>) -> ValueRow {
        let worst_share = share.map(Proportion);
        let own = OccupiedBeds(unmet / 4.0);
        let (beds, england_unmet) = (Beds(beds), OccupiedBeds(unmet));
        ValueRow { beds, england_unmet, worst_share, own_least: own, own_most: own }
    }
    fn curve(plan: Option<ValueRow>) -> Value {
        Value {
            region: "N".to_owned(),
            name: "North, and \"Isles\"".to_owned(),
            plan_beds: plan.map_or(Beds(99.0), |row| row.beds),
            unit: "occupied beds",
            group: "region",
            at_plan: plan,
            every_aim: None,
            rows: vec![row(0.0, 12.0, Some(0.1)), row(4.0, 8.0, Some(0.05)), row(10.0, 8.0, None)],
            solves: 7,
            told: Vec::new(),
        }
    }
    fn points_of(plan: Option<ValueRow>) -> Vec<String> {
        let text = String::from_utf8(table(&[curve(plan)])).expect("text");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows = reader.records().map(|row| row.expect("a row"));
        rows.map(|row| format!("{} {} {} {}", &row[2], &row[3], &row[4], &row[5])).collect()
    }

    #[test]
    fn the_plan_stands_among_the_ends_and_breakpoints_in_order_of_beds() {
        let rows = points_of(Some(row(2.0, 10.0, Some(0.075))));
        assert_eq!(rows, ["end 0 12 0.1", "plan 2 10 0.075", "bend 4 8 0.05", "end 10 8 "]);
    }
    #[test]
    fn a_plan_on_a_breakpoint_is_one_row_with_it_and_one_beyond_the_curve_is_none() {
        let rows = points_of(Some(row(4.0 + 1e-7, 8.0, Some(0.05))));
        assert_eq!(rows, ["end 0 12 0.1", "plan 4 8 0.05", "end 10 8 "]);
        assert_eq!(points_of(None), ["end 0 12 0.1", "bend 4 8 0.05", "end 10 8 "]);
    }
}
