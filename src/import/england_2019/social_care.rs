//! What councils spend on social care, by service, as published for the latest year of each table.

use super::raw::{RawFolder, known};
use crate::domain::ids::{CouncilId, RegionId};
use crate::domain::units::{Persons, Pounds};
use crate::import::ImportError;
use crate::import::tables::{RawTable, TableWriter, decimals};
use std::collections::BTreeMap;
use std::path::Path;

const ALIASES: &str = include_str!("reference/council_names_2014_15.csv");
const SUMMARY: &str = "social-care/utla21_social_care_summary_derived.csv";
/// Stands in for a council without published figures: its own neighbour, head for head.
const STAND_IN: (&str, &str) = ("E06000053", "E06000052");

/// The services, in the order of the tables.
pub const SERVICES: [&str; 4] =
    ["children", "learning_disability", "physical_disability_mental_health", "older_people"];

/// A council and its spend on each of [`SERVICES`].
#[derive(Debug, Clone, PartialEq)]
pub struct Council {
    name: String,
    region: RegionId,
    people: Persons,
    people_65: Persons,
    children: Pounds,
    adults: Option<Adults>,
    estimated: bool,
}

/// Gross current expenditure on adults, 2016-17.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Adults {
    learning_disability: Pounds,
    other_working_age: Pounds,
    older_people: Pounds,
}

/// The councils.
pub type Councils = BTreeMap<CouncilId, Council>;

/// Reads the councils and their spend.
pub fn read(raw: RawFolder<'_>) -> Result<Councils, ImportError> {
    let table = raw.table(SUMMARY)?;
    let [code, name, region, people, people_65] =
        table.columns(["utla21_code", "utla21_name", "region21_name", "pop_total", "pop_65plus"])?;
    let [gross, working_age, older, children] = table.columns([
        "asc_gross_current_2016_17_gbp_k",
        "asc_gross_current_age_18_64_gbp_k",
        "asc_gross_current_age_65plus_gbp_k",
        "children_social_care_2013_14_gbp_k",
    ])?;
    let mut councils = Councils::new();
    let names = names(&table)?;
    let shares = read_learning_disability_shares(raw, &names)?;
    for row in table.rows() {
        let id = known(row, code, "council", CouncilId::new)?;
        let adults = match row.optional_amount(gross)? {
            None => None,
            Some(all) => {
                let aged = (row.amount(working_age)?, row.amount(older)?);
                Some(split_adults(thousands(all), aged, shares.of(&id)))
            }
        };
        let council = Council {
            name: row.filled(name)?.to_owned(),
            region: known(row, region, "region", RegionId::new)?,
            people: Persons(row.amount(people)?),
            people_65: Persons(row.amount(people_65)?),
            children: thousands(row.amount(children)?),
            estimated: adults.is_none(),
            adults,
        };
        councils.insert(id, council);
    }
    fill_stand_in(&mut councils);
    Ok(councils)
}

/// The file writes thousands of pounds.
fn thousands(value: f64) -> Pounds {
    Pounds(value * 1000.0)
}

/// Spend by age covers most of the total; the rest (advice, equipment, running the service) is
/// spread in the same proportions, so that the services sum to the published total.
fn split_adults(all: Pounds, (working_age, older): (f64, f64), learning_share: f64) -> Adults {
    let aged = (working_age + older).max(f64::MIN_POSITIVE);
    let working = all * (working_age / aged);
    Adults {
        learning_disability: working * learning_share,
        other_working_age: working * (1.0 - learning_share),
        older_people: all * (older / aged),
    }
}

fn names(table: &RawTable) -> Result<BTreeMap<String, Vec<CouncilId>>, ImportError> {
    let [code, name] = table.columns(["utla21_code", "utla21_name"])?;
    let mut names: BTreeMap<String, Vec<CouncilId>> = BTreeMap::new();
    for row in table.rows() {
        let id = known(row, code, "council", CouncilId::new)?;
        names.insert(row.filled(name)?.to_owned(), vec![id]);
    }
    let aliases = RawTable::read(Path::new("reference/council_names_2014_15.csv"), ALIASES.as_bytes())?;
    let [published, council] = aliases.columns(["published_name", "council"])?;
    for row in aliases.rows() {
        let id = known(row, council, "council", CouncilId::new)?;
        names.entry(row.filled(published)?.to_owned()).or_default().push(id);
    }
    Ok(names)
}

/// The part of spend on people of 18 to 64 that goes to learning disability.
struct LearningShares {
    councils: BTreeMap<CouncilId, (f64, f64)>,
    national: f64,
}

impl LearningShares {
    fn of(&self, council: &CouncilId) -> f64 {
        match self.councils.get(council) {
            Some(&(learning, all)) if all > 0.0 => learning / all,
            _ => self.national,
        }
    }
}

fn read_learning_disability_shares(
    raw: RawFolder<'_>,
    names: &BTreeMap<String, Vec<CouncilId>>,
) -> Result<LearningShares, ImportError> {
    let table = raw.table("social-care/pss_expenditure_2014_15_by_council.csv.gz")?;
    let [age, support, delivery, account, value, council] = table.columns([
        "Age category",
        "Summary",
        "Delivery mechanism",
        "Accounting category",
        "value_gbp_k",
        "council",
    ])?;
    let wanted = [
        (age, "Age 18 to 64"),
        (delivery, "Short and long term total"),
        (account, "Gross current expenditure"),
    ];
    let (mut councils, mut national) = (BTreeMap::<CouncilId, (f64, f64)>::new(), (0.0, 0.0));
    for row in table.rows() {
        if wanted.iter().any(|(column, text)| row.text(*column) != *text) {
            continue;
        }
        let spend = row.number(value)?;
        let learning = if row.text(support) == "Learning disability support" { spend } else { 0.0 };
        national = (national.0 + learning, national.1 + spend);
        // A council that has merged adds to its successor's share; a split one gives it to both.
        for id in names.get(row.text(council)).into_iter().flatten() {
            let sum = councils.entry(id.clone()).or_default();
            *sum = (sum.0 + learning, sum.1 + spend);
        }
    }
    let national = if national.1 > 0.0 { national.0 / national.1 } else { 0.0 };
    Ok(LearningShares { councils, national })
}

/// Gives the council without published adult spend its neighbour's spend a head.
fn fill_stand_in(councils: &mut Councils) {
    let (Some(neighbour), Some(empty)) = (councils.get(STAND_IN.1).cloned(), councils.get_mut(STAND_IN.0))
    else {
        return;
    };
    if let (Some(adults), None) = (neighbour.adults, empty.adults) {
        let heads = empty.people.0 / neighbour.people.0.max(1.0);
        let heads_65 = empty.people_65.0 / neighbour.people_65.0.max(1.0);
        empty.adults = Some(Adults {
            learning_disability: adults.learning_disability * heads,
            other_working_age: adults.other_working_age * heads,
            older_people: adults.older_people * heads_65,
        });
    }
}

impl Council {
    /// Spend by service, with the year and where the figure comes from.
    fn spend(&self) -> [(Pounds, &'static str, &'static str); SERVICES.len()] {
        let adults = self.adults.unwrap_or(Adults {
            learning_disability: Pounds::ZERO,
            other_working_age: Pounds::ZERO,
            older_people: Pounds::ZERO,
        });
        let basis = if self.estimated { "estimated" } else { "derived" };
        [
            (self.children, "2013-14", "published"),
            (adults.learning_disability, "2016-17", basis),
            (adults.other_working_age, "2016-17", basis),
            (adults.older_people, "2016-17", basis),
        ]
    }
}

/// Writes `councils.csv` and `social_care.csv`; tells the spend of all councils.
pub fn write(councils: &Councils, out: &Path) -> Result<Pounds, ImportError> {
    let header = ["council", "name", "region", "budget_gbp"];
    let mut table = TableWriter::new(out.join("councils.csv"), &header);
    let header = ["council", "service", "spend_gbp", "year", "basis"];
    let mut services = TableWriter::new(out.join("social_care.csv"), &header);
    let mut total = Pounds::ZERO;
    for (id, council) in councils {
        let mut budget = 0.0;
        for (service, (spend, year, basis)) in SERVICES.iter().zip(council.spend()) {
            // Whole pounds, so that the budget is the sum of the services as written.
            let pounds = spend.0.round();
            budget += pounds;
            services.row(&[id.as_str(), service, &decimals(pounds, 0), year, basis]);
        }
        total += Pounds(budget);
        table.row(&[id.as_str(), &council.name, council.region.as_str(), &decimals(budget, 0)]);
    }
    table.finish()?;
    services.finish()?;
    Ok(total)
}
