//! Whether totals agree with the detail: sites, areas and the nation.

use super::files::Results;
use super::parameters::Parameters;
use super::plan::PlanSums;
use super::report::{Check, Tally};
use crate::domain::Ix;
use std::collections::BTreeMap;

/// Checks what `allocation.csv` and `summary.json` add up.
pub fn check(p: &Parameters, results: &Results, sums: &PlanSums) -> Vec<Check> {
    vec![
        allocation(p, results, sums),
        needs(p, results, sums),
        nation(p, results, sums),
        regions(p, results, sums),
    ]
}

/// Need is the data's, and treated and released are those of the flows and the councils.
fn needs(p: &Parameters, results: &Results, sums: &PlanSums) -> Check {
    let mut tally = Tally::new("unmet.csv.gz adds up", "occupied beds");
    for (&(period, point), row) in &results.unmet {
        let figures = [
            ("need", row.need, p.need(period, point)),
            ("treated", row.treated, sums.treated[period][point]),
            ("released", row.released, sums.released[period][point]),
            ("prevented", row.prevented, sums.prevented[period][point]),
            ("induced", row.induced, sums.induced[period][point]),
        ];
        for (name, written, recomputed) in figures {
            if let Some(written) = written {
                tally.same(written, recomputed, || format!("{}, {name}", p.point_words(point, period)));
            }
        }
    }
    tally.done()
}

/// Occupied beds of each row are its flows; cap and occupancy follow.
fn allocation(p: &Parameters, results: &Results, sums: &PlanSums) -> Check {
    let mut tally = Tally::new("allocation.csv adds up", "occupied beds");
    for (&(period, stock), row) in &results.allocation {
        let words = || p.stock_words(stock, period);
        let occupied = sums.occupied[period][stock];
        tally.same(row.occupied, occupied, || format!("{}, occupied beds", words()));
        let cap = p.caps[stock];
        tally.same(row.cap, cap, || format!("{}, occupancy cap", words()));
        if let Some(occupancy) = row.occupancy.filter(|_| row.after > 0.0) {
            // As beds: of a thousandth of a bed, written to nine decimals, no share could be told to a millionth.
            tally.same(occupancy * row.after, occupied, || format!("{}, occupancy", words()));
        }
    }
    tally.done()
}

fn nation(p: &Parameters, results: &Results, sums: &PlanSums) -> Check {
    let mut tally = Tally::new("summary.json, national figures", "beds");
    let all = |detail: &Vec<Vec<f64>>| {
        detail.iter().zip(0..).map(|(beds, t)| beds.iter().sum::<f64>() * p.likely(t)).sum::<f64>()
    };
    let need_in = |t| (0..p.points.len()).map(|at| p.need(t, at)).sum::<f64>();
    let need: f64 = (0..p.periods()).map(|t| need_in(t) * p.likely(t)).sum();
    let recomputed = [
        ("need_beds", need),
        ("treated_beds", all(&sums.treated)),
        ("released_beds", all(&sums.released)),
        ("unmet_beds", all(&sums.unmet)),
        ("induced_beds", all(&sums.induced)),
        ("unmet_share", all(&sums.unmet) / need),
        ("beds_before", p.system.beds_before().0),
        ("new_beds", results.allocation.values().map(|row| row.new).sum()),
    ];
    for (name, recomputed) in recomputed {
        if let Some(&written) = results.summary.figures.get(name) {
            tally.same(written, recomputed, || name.to_owned());
        }
    }
    tally.done()
}

/// The summary's regions: beds by where they stand, need by where people live.
fn regions(p: &Parameters, results: &Results, sums: &PlanSums) -> Check {
    let mut tally = Tally::new("summary.json, regions", "beds");
    let register = &p.system.regions;
    for claimed in &results.summary.regions {
        let found = register
            .iter()
            .find(|(_, id, named)| id.as_str() == claimed.region || named.name == claimed.region);
        let Some((region, _, _)) = found else {
            tally.fail(|| format!("the model knows no region {}", claimed.region));
            continue;
        };
        let stands = |stock: usize| p.system.sites[p.stocks[stock].0].region == region;
        let lives = |point: usize| p.system.areas[p.points[point].area].region == region;
        let rows = results.allocation.iter().filter(|((_, stock), _)| stands(*stock));
        let new: f64 = rows.map(|(_, row)| row.new).sum();
        let (mut need, mut unmet) = (0.0, 0.0);
        for period in 0..p.periods() {
            for point in (0..p.points.len()).filter(|&point| lives(point)) {
                need += p.need(period, point) * p.likely(period);
                unmet += sums.unmet[period][point] * p.likely(period);
            }
        }
        let share = if need > 0.0 { unmet / need } else { 0.0 };
        let recomputed = BTreeMap::from([
            ("new_beds", new),
            ("need_beds", need),
            ("unmet_beds", unmet),
            ("unmet_share", share),
        ]);
        for (name, recomputed) in recomputed {
            if let Some(&written) = claimed.figures.get(name) {
                tally.same(written, recomputed, || format!("{}, {name}", claimed.region));
            }
        }
        if let (Some(least), Some(most)) =
            (claimed.figures.get("least_beds"), claimed.figures.get("most_beds"))
            && p.system.policy.whole_beds.is_none()
        // Else the range is that of plans in fractions.
        {
            tally.see((least - new).max(new - most), new, || {
                format!("{}: {new} new beds outside its range {least} to {most}", claimed.region)
            });
        }
    }
    let told = results.summary.regions.len();
    tally.see(if told == register.len() { 0.0 } else { f64::INFINITY }, 1.0, || {
        format!("{told} regions are told, the model has {}", register.indices().map(Ix::get).count())
    });
    tally.done()
}
