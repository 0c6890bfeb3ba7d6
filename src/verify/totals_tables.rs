//! Whether the tables of areas, regions, commissioners, trusts and specialties agree with the detail.

use super::VerifyError;
use super::files::{Results, position};
use super::parameters::Parameters;
use super::plan::PlanSums;
use super::report::{Check, Tally};
use super::specialties;
use super::table::{Row, Table};
use crate::domain::{AreaIx, Ix, RegionIx, SiteIx, SpecialtyIx};
use std::collections::BTreeMap;
use std::path::Path;

/// Figures of a place in a period, by the name of their column.
type Figures = BTreeMap<&'static str, f64>;

/// Checks the tables.
pub fn check(
    folder: &Path,
    p: &Parameters,
    results: &Results,
    sums: &PlanSums,
) -> Result<Vec<Check>, VerifyError> {
    let system = p.system;
    let detail = Detail { p, results, sums };
    let areas = detail.gather(system.areas.len(), |_| None, |(area, _)| Some(area.get()));
    let regions = detail.gather(
        system.regions.len(),
        |(site, _)| Some(system.sites[site].region.get()),
        |(area, _)| Some(system.areas[area].region.get()),
    );
    let commissioners = detail.gather(
        system.commissioners.len(),
        |(site, _)| Some(system.sites[site].commissioner.get()),
        |(area, _)| Some(system.areas[area].commissioner.get()),
    );
    let by_trust = |(site, _): (SiteIx, SpecialtyIx)| Some(system.sites[site].trust.get());
    let trusts = detail.gather(system.trusts.len(), by_trust, |_| None);
    let mut checks = Vec::new();
    let mut compare = |file: &str, found: &[Figures], place: &dyn Fn(Row) -> Result<usize, VerifyError>| {
        checks.push(compare(folder, file, p, found, place)?);
        Ok::<(), VerifyError>(())
    };
    compare("areas.csv", &areas, &|row| Ok(position(row, "area", &system.areas)?.get()))?;
    compare("regions.csv", &regions, &|row| Ok(position(row, "region", &system.regions)?.get()))?;
    let commissioner = |row: Row| Ok(position(row, "commissioner", &system.commissioners)?.get());
    compare("commissioners.csv", &commissioners, &commissioner)?;
    compare("trusts.csv", &trusts, &|row| Ok(position(row, "trust", &system.trusts)?.get()))?;
    if specialties::is_there(folder) {
        let place =
            |specialty: SpecialtyIx, region: RegionIx| specialty.get() * system.regions.len() + region.get();
        let found = detail.gather(
            system.specialties.len() * system.regions.len(),
            |(site, specialty)| Some(place(specialty, system.sites[site].region)),
            |(area, specialty)| Some(place(specialty, system.areas[area].region)),
        );
        let of_row = |row: Row| {
            let specialty = position(row, "specialty", &system.specialties)?;
            Ok(place(specialty, position(row, "region", &system.regions)?))
        };
        compare(specialties::FILE, &found, &of_row)?;
    }
    Ok(checks)
}

/// The detail that tables add up.
struct Detail<'a> {
    p: &'a Parameters<'a>,
    results: &'a Results,
    sums: &'a PlanSums,
}

impl Detail<'_> {
    /// Adds up by place and period.
    fn gather(
        &self,
        places: usize,
        of_stock: impl Fn((SiteIx, SpecialtyIx)) -> Option<usize>,
        of_point: impl Fn((AreaIx, SpecialtyIx)) -> Option<usize>,
    ) -> Vec<Figures> {
        let Self { p, results, sums } = self;
        let mut found = vec![Figures::new(); places * p.periods()];
        let mut add = |place: usize, period: usize, name: &'static str, value: f64| {
            *found[place * p.periods() + period].entry(name).or_insert(0.0) += value;
        };
        for (&(period, stock), row) in &results.allocation {
            let Some(place) = of_stock(p.stocks[stock]) else { continue };
            add(place, period, "beds_before", row.before);
            add(place, period, "new", row.new);
            add(place, period, "beds_after", row.after);
            for (name, moved) in super::files::MOVES.into_iter().zip(row.moved) {
                add(place, period, name, moved);
            }
            add(place, period, "occupied_beds", sums.occupied[period][stock]);
            let cap = p.caps[stock];
            add(place, period, "room", row.after * cap);
        }
        for period in 0..p.periods() {
            for (at, point) in p.points.iter().enumerate() {
                let Some(place) = of_point((point.area, point.specialty)) else { continue };
                add(place, period, "need_beds", p.need(period, at));
                add(place, period, "treated_beds", sums.treated[period][at]);
                add(place, period, "released_beds", sums.released[period][at]);
                add(place, period, "prevented_beds", sums.prevented[period][at]);
                add(place, period, "unmet_beds", sums.unmet[period][at]);
                add(place, period, "induced_beds", sums.induced[period][at]);
                add(place, period, "bed_minutes", sums.minutes[period][at]);
            }
        }
        for figures in &mut found {
            let ratio = |a: &str, b: &str| {
                let below = figures.get(b).copied().filter(|below| *below > 0.0)?;
                Some(figures.get(a).copied().unwrap_or(0.0) / below)
            };
            let derived = [
                ("occupancy_cap", ratio("room", "beds_after")),
                ("occupancy", ratio("occupied_beds", "beds_after")),
                ("unmet_share", ratio("unmet_beds", "need_beds")),
                ("mean_minutes", ratio("bed_minutes", "treated_beds")),
            ];
            figures.extend(derived.into_iter().filter_map(|(name, value)| Some((name, value?))));
        }
        found
    }
}

/// Compares every figure that a table has and that the detail gives.
fn compare(
    folder: &Path,
    file: &str,
    p: &Parameters,
    found: &[Figures],
    place: &dyn Fn(Row) -> Result<usize, VerifyError>,
) -> Result<Check, VerifyError> {
    let mut tally = Tally::new(format!("{file} adds up"), "beds");
    let table = Table::read(folder, file)?;
    let mut told = vec![false; found.len()];
    for row in table.rows() {
        let period = position(row, "period", &p.system.periods)?.get();
        let at = place(row)? * p.periods() + period;
        if std::mem::replace(&mut told[at], true) {
            return Err(row.fault("this row is there twice".to_owned()));
        }
        let words = || {
            let kind = file.trim_end_matches("s.csv");
            let name = |column: &str| row.text(column);
            name("name")
                .or_else(|_| name("specialty_name"))
                .or_else(|_| name(kind))
                .unwrap_or_default()
                .to_owned()
        };
        for (&name, &recomputed) in &found[at] {
            if let Some(written) = row.optional(name)? {
                tally.same(written, recomputed, || format!("{}{}, {name}", words(), p.period_words(period)));
            }
        }
    }
    for (at, figures) in found.iter().enumerate() {
        if !told[at] && figures.values().any(|value| *value != 0.0) {
            tally.fail(|| format!("place {} of the register has no row", at / p.periods() + 1));
        }
    }
    Ok(tally.done())
}
