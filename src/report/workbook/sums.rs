//! Sheets that add tables of the result up: sites, specialties, councils' money.

use super::grid::{Column, Grid, Kind, Register, Total, Value};
use crate::domain::{Ix, PeriodIx, SpecialtyIx};
use crate::insight::error::InsightError;
use crate::insight::files::Row;
use crate::insight::ledger::Ledger;
use crate::report::html::read::{maybe, number};
use std::collections::BTreeMap;

/// Columns of beds that are added up: of the file, in words, whether left out where all nought.
const BEDS: [(&str, &str, bool); 9] = [
    ("beds_before", "Beds today", false),
    ("new", "New beds", false),
    ("reallocated_in", "Beds moved in", true),
    ("reallocated_out", "Beds moved out", true),
    ("converted_to", "Beds converted to this", true),
    ("converted_from", "Beds converted to others", true),
    ("closed", "Beds closed", true),
    ("beds_after", "Beds in the plan", false),
    ("occupied_beds", "Occupied beds in the plan", false),
];
const NEED: [(&str, &str, bool); 5] = [
    ("need_beds", "Need (occupied beds)", false),
    ("treated_beds", "Treated (occupied beds)", false),
    ("released_beds", "Freed by social care (occupied beds)", false),
    ("prevented_beds", "Prevented (occupied beds)", true),
    ("unmet_beds", "Unmet in the plan (occupied beds)", false),
];

/// Sums by a key and a period.
type Sums = BTreeMap<(String, PeriodIx), Vec<f64>>;

/// Adds columns of a file up by the value of one of its columns and the period. O(rows).
fn added_up(
    ledger: &Ledger,
    file: &str,
    by: &str,
    columns: &[(&str, &str, bool)],
    weigh: Option<(&str, &str)>,
) -> Result<Sums, InsightError> {
    let table = ledger.files.table(file)?;
    let position = |name: &str| table.position(name);
    let (by, period) = (position(by)?, position("period")?);
    let at: Vec<usize> = columns.iter().map(|(name, ..)| position(name)).collect::<Result<_, _>>()?;
    let weigh = weigh.map(|(of, with)| Ok((position(of)?, position(with)?))).transpose()?;
    let mut sums = Sums::new();
    for row in table.rows() {
        let Some(period) = ledger.system.periods.find(row.at(period)) else { continue };
        let found = find(&mut sums, row.at(by), period, columns.len() + usize::from(weigh.is_some()));
        for (sum, &at) in found.iter_mut().zip(&at) {
            *sum += number(row, at);
        }
        if let (Some((of, with)), Some(last)) = (weigh, found.last_mut()) {
            *last += number(row, of) * number(row, with);
        }
    }
    Ok(sums)
}

fn find<'a>(sums: &'a mut Sums, key: &str, period: PeriodIx, size: usize) -> &'a mut Vec<f64> {
    sums.entry((key.to_owned(), period)).or_insert_with(|| vec![0.0; size])
}

/// Sites: beds of all specialties.
pub fn sites(ledger: &Ledger) -> Result<Option<Grid>, InsightError> {
    const FILE: &str = "allocation.csv";
    let sums = added_up(ledger, FILE, "site", &BEDS, Some(("occupancy_cap", "beds_after")))?;
    let note = "All specialties of each site together, added up from the sheet Beds.";
    let mut grid = Grid::new("Sites", "Sites", note, FILE)
        .column("Site", Kind::Code, Total::Nothing)
        .column("Name of the site", Kind::Name, Total::Nothing)
        .column("Trust", Kind::Name, Total::Nothing)
        .column("Commissioner", Kind::Name, Total::Nothing)
        .column("Region", Kind::Name, Total::Nothing);
    let kept = sum_columns(ledger, &mut grid, &BEDS, &sums);
    grid = grid.column("Most that may be occupied (share of beds)", Kind::Share, Total::Nothing);
    grid = occupancy(grid);
    let system = ledger.system;
    for ((code, period), sum) in &sums {
        let site = system.sites.find(code.as_str()).map(|site| &system.sites[site]);
        let text = |name: Option<&String>| Value::Text(name.cloned().unwrap_or_default());
        let mut row = vec![
            Value::Text(code.clone()),
            text(site.map(|site| &site.name)),
            text(site.map(|site| &system.trusts[site.trust].name)),
            text(site.map(|site| &system.commissioners[site.commissioner].name)),
            text(site.map(|site| &system.regions[site.region].name)),
        ];
        row.extend(period_cell(ledger, *period));
        row.extend(kept.iter().map(|&at| Value::Number(sum[at])));
        let (after, occupied, room) = (sum[7], sum[8], sum[9]);
        row.extend([share(room, after), share(occupied, after)]);
        grid.rows.push(row);
    }
    Ok((!grid.rows.is_empty()).then_some(grid))
}

/// Specialties: beds of all sites and need of all areas.
pub fn specialties(ledger: &Ledger) -> Result<Option<Grid>, InsightError> {
    let beds = added_up(ledger, "allocation.csv", "specialty", &BEDS, None)?;
    let need = added_up(ledger, "unmet.csv.gz", "specialty", &NEED, None)?;
    let note = "All sites and all areas together. Beds are those of allocation.csv, need that of unmet.csv.gz; unmet before is what \
         today's beds and money would leave.";
    let before = unmet_before(ledger)?;
    let files = match before {
        Some(_) => "allocation.csv, unmet.csv.gz, specialties.csv",
        None => "allocation.csv, unmet.csv.gz",
    };
    let mut grid = Grid::new("Specialties", "Specialties", note, files)
        .column("Code", Kind::Code, Total::Nothing)
        .column("Specialty", Kind::Name, Total::Nothing);
    let of_beds = sum_columns(ledger, &mut grid, &BEDS, &beds);
    grid = occupancy(grid);
    let of_need = more_columns(&mut grid, &NEED, &need);
    if before.is_some() {
        let head = "Unmet before (occupied beds)".to_owned();
        let (source, kind, total) = ("unmet_beds_before", Kind::Beds, Total::Sum);
        grid.columns.push(Column { source, head, kind, total });
    }
    let unmet = Column {
        source: "unmet_share",
        head: "Unmet in the plan (share of need)".to_owned(),
        kind: Kind::Share,
        total: Total::Ratio("unmet_beds", "need_beds"),
    };
    grid.columns.push(unmet);
    let nothing = vec![0.0; BEDS.len().max(NEED.len())];
    let order = |code: &str| ledger.system.specialties.find(code).map(SpecialtyIx::get);
    let mut keys: Vec<&(String, PeriodIx)> = beds.keys().chain(need.keys()).collect();
    keys.sort_by_key(|(code, period)| (order(code), code.as_str(), *period));
    keys.dedup();
    for key in keys {
        let (beds, need) = (beds.get(key).unwrap_or(&nothing), need.get(key).unwrap_or(&nothing));
        let mut row =
            vec![Value::Text(key.0.clone()), Value::Text(Register::Specialties.name(ledger, &key.0))];
        row.extend(period_cell(ledger, key.1));
        row.extend(of_beds.iter().map(|&at| Value::Number(beds[at])));
        row.push(share(beds[8], beds[7]));
        row.extend(of_need.iter().map(|&at| Value::Number(need[at])));
        row.extend(before.as_ref().map(|sums| Value::Number(sums.get(key).map_or(0.0, |sum| sum[0]))));
        row.push(share(need[4], need[0]));
        grid.rows.push(row);
    }
    Ok((!grid.rows.is_empty()).then_some(grid))
}

/// Unmet need if nothing were done, by specialty; `None` where the result does not tell it.
fn unmet_before(ledger: &Ledger) -> Result<Option<Sums>, InsightError> {
    const FILE: &str = "specialties.csv";
    const COLUMN: &str = "unmet_beds_before";
    if !ledger.files.has(FILE) {
        return Ok(None);
    }
    let table = ledger.files.table(FILE)?;
    let at = table.position(COLUMN)?;
    let told = table.rows().any(|row| maybe(row, at).is_some());
    Ok(if told { Some(added_up(ledger, FILE, "specialty", &[(COLUMN, "", false)], None)?) } else { None })
}

/// A council's money, £ a year: of each service before, least and after; and the occupied beds that it frees.
#[derive(Debug, Default)]
struct Money {
    spend: Vec<Option<f64>>,
    received: f64,
    released: f64,
}

/// Councils' money for social care, a row each.
pub fn councils(ledger: &Ledger) -> Result<Option<Grid>, InsightError> {
    const FILE: &str = "social_care.csv";
    let table = ledger.files.table(FILE)?;
    let at = |name: &str| table.position(name);
    let [council, service, period] = [at("council")?, at("service")?, at("period")?];
    let money = [at("spend_before_gbp")?, at("floor_gbp")?, at("spend_after_gbp")?];
    let [released, received] = [at("released_beds")?, at("received_by_council_gbp")?];
    let mut services: Vec<&str> = table.rows().map(|row: Row| row.at(service)).collect();
    services.sort_unstable();
    services.dedup();
    let size = 3 * services.len();
    let mut found: BTreeMap<(String, PeriodIx), Money> = BTreeMap::new();
    for row in table.rows() {
        let Some(period) = ledger.system.periods.find(row.at(period)) else { continue };
        let key = (row.at(council).to_owned(), period);
        let told = found.entry(key).or_insert_with(|| Money { spend: vec![None; size], ..Money::default() });
        let position = services.binary_search(&row.at(service)).unwrap_or(0);
        for (offset, &column) in money.iter().enumerate() {
            told.spend[3 * position + offset] = maybe(row, column);
        }
        told.released += number(row, released);
        // Told in each row of a council, and counted once.
        told.received = number(row, received);
    }
    let note = "Spending of each council on each service, before and in the plan, and the least that it must keep. £ a year.";
    let mut grid = Grid::new("Councils", "Councils' money", note, FILE)
        .column("Code", Kind::Code, Total::Nothing)
        .column("Council", Kind::Name, Total::Nothing);
    grid = with_period(ledger, grid);
    for service in services.iter().map(|service| sentence(service)) {
        for what in ["before", "least it must keep", "in the plan"] {
            grid = grid.column(format!("{service}: {what} (£ a year)"), Kind::Pounds, Total::Sum);
        }
    }
    grid = grid.column("From the pooled fund (£ a year)", Kind::Pounds, Total::Sum).column(
        "Freed by it (occupied beds)",
        Kind::Beds,
        Total::Sum,
    );
    for ((code, period), money) in found {
        let mut row = vec![Value::Text(code.clone()), Value::Text(Register::Councils.name(ledger, &code))];
        row.extend(period_cell(ledger, period));
        row.extend(money.spend.into_iter().map(|pounds| pounds.map_or(Value::Blank, Value::Number)));
        row.extend([Value::Number(money.received), Value::Number(money.released)]);
        grid.rows.push(row);
    }
    Ok((!grid.rows.is_empty()).then_some(grid))
}

/// `older_people` as a person writes it.
fn sentence(code: &str) -> String {
    let words = code.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default() + letters.as_str()
}

fn share(of: f64, by: f64) -> Value {
    if by > 0.0 { Value::Number(of / by) } else { Value::Blank }
}

fn occupancy(mut grid: Grid) -> Grid {
    grid.columns.push(Column {
        source: "occupancy",
        head: "Occupied (share of beds)".to_owned(),
        kind: Kind::Share,
        total: Total::Ratio("occupied_beds", "beds_after"),
    });
    grid
}

/// Adds the period, where there are several, and the columns that have something in them; says which these are.
fn sum_columns(
    ledger: &Ledger,
    grid: &mut Grid,
    columns: &[(&'static str, &str, bool)],
    sums: &Sums,
) -> Vec<usize> {
    let with = with_period(ledger, std::mem::replace(grid, Grid::new("", "", "", "")));
    *grid = with;
    more_columns(grid, columns, sums)
}

fn more_columns(grid: &mut Grid, columns: &[(&'static str, &str, bool)], sums: &Sums) -> Vec<usize> {
    let kept: Vec<usize> =
        (0..columns.len()).filter(|&at| !columns[at].2 || sums.values().any(|sum| sum[at] != 0.0)).collect();
    grid.columns.extend(kept.iter().map(|&at| Column {
        source: columns[at].0,
        head: columns[at].1.to_owned(),
        kind: Kind::Beds,
        total: Total::Sum,
    }));
    kept
}

fn with_period(ledger: &Ledger, mut grid: Grid) -> Grid {
    if ledger.one_period() {
        return grid;
    }
    grid.period = Some((grid.columns.len(), ledger.period_id().to_owned()));
    grid.column("Period", Kind::Name, Total::Nothing)
}

fn period_cell(ledger: &Ledger, period: PeriodIx) -> Option<Value> {
    let system = ledger.system;
    (!ledger.one_period()).then(|| Value::Text(system.periods.id(period).as_str().to_owned()))
}
