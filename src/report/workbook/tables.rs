//! Sheets that are tables of the result, column by column.

use super::grid::{Grid, Kind, Register, Spec, Total, Value, cell, name_of, ratio, sum, sum_if_any};
use crate::insight::error::InsightError;
use crate::insight::ledger::Ledger;
use serde_json::Value as Json;

/// With more areas than this the sheet of areas is left out: a spreadsheet is no place for them.
pub const MOST_AREAS: usize = 10_000;

/// Beds, in the words of every sheet that has them.
pub(super) const BEDS: [Spec; 10] = [
    sum("beds_before", "Beds today", Kind::Beds),
    sum("new", "New beds", Kind::Beds),
    sum_if_any("reallocated_in", "Beds moved in", Kind::Beds),
    sum_if_any("reallocated_out", "Beds moved out", Kind::Beds),
    sum_if_any("converted_to", "Beds converted to this", Kind::Beds),
    sum_if_any("converted_from", "Beds converted to others", Kind::Beds),
    sum_if_any("closed", "Beds closed", Kind::Beds),
    sum("beds_after", "Beds in the plan", Kind::Beds),
    sum("occupied_beds", "Occupied beds in the plan", Kind::Beds),
    cell("occupancy_cap", "Most that may be occupied (share of beds)", Kind::Share),
];
const OCCUPANCY: Spec = ratio("occupancy", "Occupied (share of beds)", "occupied_beds", "beds_after");
const NEED: [Spec; 8] = [
    sum("need_beds", "Need of residents (occupied beds)", Kind::Beds),
    sum("treated_beds", "Treated (occupied beds)", Kind::Beds),
    sum("released_beds", "Freed by social care (occupied beds)", Kind::Beds),
    sum_if_any("prevented_beds", "Prevented (occupied beds)", Kind::Beds),
    sum_if_any("induced_beds", "Need that new beds bring forth (occupied beds)", Kind::Beds),
    sum_if_any("unmet_beds_before", "Unmet before (occupied beds)", Kind::Beds),
    sum("unmet_beds", "Unmet in the plan (occupied beds)", Kind::Beds),
    ratio("unmet_share", "Unmet in the plan (share of need)", "unmet_beds", "need_beds"),
];
const WORST: [Spec; 2] = [
    cell("worst_area_name", "Worst-off area", Kind::Name),
    cell("worst_area_unmet_share", "Its unmet need (share of need)", Kind::Share),
];

/// Every table of the result that stands on a sheet as it is, in order. Those that the result lacks are left out.
pub fn tables(ledger: &Ledger) -> Result<Vec<Grid>, InsightError> {
    let mut grids = Vec::new();
    let mut add = |grid: Option<Grid>| grids.extend(grid);
    add(regions(ledger)?);
    add(places(ledger, "Commissioners", "commissioner", "commissioners.csv", LIVED_IN)?);
    add(places(ledger, "Trusts", "trust", "trusts.csv", NOT_LIVED_IN)?);
    Ok(grids)
}

const LIVED_IN: &str =
    "Beds stand where the site is; need is that of the people who live there, wherever they are treated.";
const NOT_LIVED_IN: &str =
    "Beds of each trust, all its sites together. Nobody lives in a trust, so it has no need of its own.";

fn regions(ledger: &Ledger) -> Result<Option<Grid>, InsightError> {
    let Some(mut grid) = places(ledger, "Regions", "region", "regions.csv", LIVED_IN)? else {
        return Ok(None);
    };
    let summary = ledger.files.json("summary.json")?;
    let listed = summary["regions"].as_array().filter(|_| ledger.one_period());
    let of = |code: &Value| {
        let region = |region: &&Json| matches!(code, Value::Text(text) if region["region"] == text.as_str());
        listed.and_then(|regions| regions.iter().find(region))
    };
    for (key, head) in [
        ("least_beds", "Least new beds in equally good plans"),
        ("most_beds", "Most new beds in equally good plans"),
    ] {
        let found: Vec<Value> = grid.rows.iter().map(|row| number(of(&row[0]).map(|r| &r[key]))).collect();
        if found.iter().any(|value| *value != Value::Blank) {
            grid = grid.column(head, Kind::Beds, Total::Nothing);
            grid.rows.iter_mut().zip(found).for_each(|(row, value)| row.push(value));
        }
    }
    grid.files = "regions.csv, summary.json";
    Ok(Some(grid))
}

/// A number of the summary; nothing where it has none.
pub(super) fn number(value: Option<&Json>) -> Value {
    value.and_then(Json::as_f64).map_or(Value::Blank, Value::Number)
}

fn places(
    ledger: &Ledger,
    name: &'static str,
    code: &'static str,
    file: &'static str,
    note: &str,
) -> Result<Option<Grid>, InsightError> {
    let mut specs = vec![cell(code, "Code", Kind::Code), cell("name", "Name", Kind::Name)];
    specs.extend(BEDS);
    specs.push(OCCUPANCY);
    if note == LIVED_IN {
        specs.extend(NEED);
        specs.extend(WORST);
    }
    Grid::new(name, name, note, file).read(ledger, file, &specs)
}

/// Beds of every specialty at every site.
pub fn beds(ledger: &Ledger) -> Result<Option<Grid>, InsightError> {
    let mut specs = vec![
        cell("site", "Site", Kind::Code),
        cell("name", "Name of the site", Kind::Name),
        cell("specialty", "Specialty", Kind::Code),
        name_of("specialty", Register::Specialties, "Name of the specialty"),
        name_of("trust", Register::Trusts, "Trust"),
        cell("region", "Region", Kind::Name),
    ];
    specs.extend(BEDS);
    specs.push(OCCUPANCY);
    specs.push(cell("refused_share", "Patients refused for want of a bed (share)", Kind::Share));
    let note =
        "Every specialty of every site: filter by site, trust, region or specialty, and the totals follow.";
    let mut grid = Grid::new("Beds", "Beds by site and specialty", note, "allocation.csv");
    grid.frozen = 4;
    grid.read(ledger, "allocation.csv", &specs)
}

/// Small areas, where there are not too many for a spreadsheet.
pub fn areas(ledger: &Ledger) -> Result<Option<Grid>, InsightError> {
    if ledger.files.table("areas.csv")?.rows().count() > MOST_AREAS {
        return Ok(None);
    }
    let mut specs =
        vec![cell("area", "Code", Kind::Code), name_of("area", Register::Areas, "Name of the area")];
    specs.extend(NEED);
    specs.push(cell("mean_minutes", "Mean journey of its patients (minutes)", Kind::Minutes));
    let note = "What becomes of the need of each small area, all specialties together.";
    Grid::new("Areas", "Small areas", note, "areas.csv").read(ledger, "areas.csv", &specs)
}

/// What only some models have: step-down beds, prevention, shorter stays, sites that open or close.
pub fn measures(ledger: &Ledger) -> Result<Vec<Grid>, InsightError> {
    let step_down = [
        cell("site", "Site", Kind::Code),
        cell("name", "Name of the site", Kind::Name),
        name_of("council", Register::Councils, "Council that may pay"),
        sum("beds_before", "Step-down beds before", Kind::Beds),
        sum("opened_by_nhs", "Opened by the NHS (beds)", Kind::Beds),
        sum("opened_by_council", "Opened by the council (beds)", Kind::Beds),
        sum("beds_after", "Step-down beds in the plan", Kind::Beds),
        sum("occupied_beds", "Occupied (beds)", Kind::Beds),
        sum("acute_beds_replaced", "Acute occupied beds that they replace", Kind::Beds),
        sum("nhs_cost_gbp", "Cost to the NHS (£ a year)", Kind::Pounds),
        sum("council_cost_gbp", "Cost to the council (£ a year)", Kind::Pounds),
    ];
    let prevention = [
        cell("programme", "Programme", Kind::Name),
        name_of("commissioner", Register::Commissioners, "Commissioner"),
        cell("roll_out", "Roll-out (share of people)", Kind::Share),
        sum("prevented_beds", "Need prevented (occupied beds)", Kind::Beds),
        sum("cost_gbp", "Cost (£ a year)", Kind::Pounds),
    ];
    let shorter = [
        cell("site", "Site", Kind::Code),
        name_of("site", Register::Sites, "Name of the site"),
        name_of("specialty", Register::Specialties, "Specialty"),
        sum("freed_beds", "Freed by shorter stays (occupied beds)", Kind::Beds),
        sum("cost_gbp", "Cost (£ a year)", Kind::Pounds),
    ];
    let sites = [
        cell("site", "Site", Kind::Code),
        cell("name", "Name of the site", Kind::Name),
        cell("open", "Open", Kind::Name),
        sum("fixed_cost_gbp", "Fixed cost (£ a year)", Kind::Pounds),
    ];
    let sheets = [
        (
            "Step-down",
            "Step-down beds",
            "Beds of community sites. They are no acute beds.",
            "step_down.csv",
            &step_down[..],
        ),
        (
            "Prevention",
            "Prevention",
            "How far each commissioner rolls out each programme.",
            "prevention.csv",
            &prevention,
        ),
        (
            "Shorter stays",
            "Shorter stays",
            "Room freed at each specialty of each site.",
            "bed_management.csv",
            &shorter,
        ),
        (
            "Open sites",
            "Sites that may open or close",
            "Which of them the plan keeps open.",
            "sites.csv",
            &sites,
        ),
    ];
    let mut grids = Vec::new();
    for (name, title, note, file, specs) in sheets {
        grids.extend(Grid::new(name, title, note, file).read(ledger, file, specs)?);
    }
    Ok(grids)
}
