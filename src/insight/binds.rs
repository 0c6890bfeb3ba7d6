//! What binds: constraints with a price, each in a sentence with its unit.

use super::error::InsightError;
use super::figure::{Sentence, Shown, Source};
use super::files::{Row, Rows, Table, rows};
use super::holds::{self, Holds};
use super::ledger::{Ledger, rounded};
use super::place::Place;
use crate::domain::system::CareSystem;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Sentences in the text; the JSON has every price.
const MOST_TOLD: usize = 10;
/// Sentences of one level.
const MOST_OF_LEVEL: usize = 3;
/// Prices up to here are rounding.
const NO_PRICE: f64 = 1e-6;
/// Rows that only keep the books: their prices say again what others say.
const BOOKKEEPING: [&str; 4] = ["GroupUnmet", "MoneyBalance", "ScenarioLoss", "TermHold"];
/// Columns of `prices.csv` that are no members of a constraint.
const NO_MEMBERS: [&str; 11] = [
    "level",
    "constraint",
    "shadow_price",
    "unit",
    "bound",
    "valid_from",
    "valid_to",
    "degenerate",
    "binding",
    "words",
    "holds_for",
];

/// A constraint with its price.
#[derive(Debug, Clone, Serialize)]
pub struct Binding {
    /// The level of the objective.
    pub level: String,
    /// The family of constraints.
    pub constraint: String,
    /// Which of the family.
    pub members: Rows,
    /// Change of the level's objective when the constraint's bound rises by one.
    pub shadow_price: f64,
    /// Unit of the price.
    pub unit: String,
    /// Between which bounds the price holds, where the result tells it.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub holds: Option<Holds>,
    /// The constraint in words.
    pub words: String,
}

/// Constraints of a family that have the same price, in one sentence.
#[derive(Debug, Serialize)]
pub struct Told {
    /// The level of the objective.
    pub level: String,
    /// The family of constraints.
    pub constraint: String,
    /// How many.
    pub count: usize,
    /// In a sentence.
    pub told: Sentence,
}

/// What binds in a place.
#[derive(Debug, Serialize)]
pub struct Bindings {
    /// The largest prices of each level, at most ten.
    pub told: Vec<Told>,
    /// Every price.
    pub all: Vec<Binding>,
    /// What the prices hold for, where that is not the whole model: these whole beds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds_for: Option<String>,
}

/// What binds in a place, from `prices.csv`.
pub fn explain(ledger: &Ledger, place: Place) -> Result<Bindings, InsightError> {
    let table = ledger.files.table("prices.csv")?;
    let within = Within::new(ledger.system, place);
    let mut all = Vec::new();
    let columns = Columns::of(&table)?;
    for at in within.candidates(&table) {
        let row = table.row(at);
        if within.holds(row, &columns) {
            all.push(columns.read(row)?);
        }
    }
    let holds_for = if table.has("holds_for") {
        table.rows().next().map(|row| row.text("holds_for").map(str::to_owned)).transpose()?
    } else {
        None
    };
    Ok(Bindings { told: tell(ledger, place, &all)?, all, holds_for })
}

/// Positions of the columns, looked up once: the file is long.
struct Columns {
    fixed: BTreeMap<&'static str, usize>,
    members: Vec<(String, usize)>,
    tells_bounds: bool,
}

impl Columns {
    fn of(table: &Table) -> Result<Self, InsightError> {
        let needed = ["level", "constraint", "shadow_price", "unit", "words"];
        let fixed = needed.into_iter().map(|name| Ok((name, table.position(name)?)));
        let members = table.columns().iter().enumerate();
        Ok(Self {
            fixed: fixed.collect::<Result<_, InsightError>>()?,
            members: members
                .filter(|(_, name)| !NO_MEMBERS.contains(&name.as_str()))
                .map(|(position, name)| (name.clone(), position))
                .collect(),
            tells_bounds: table.has("bound"),
        })
    }
    /// Between which bounds a price holds; `None` where the row does not tell it.
    fn holds(&self, row: Row) -> Result<Option<Holds>, InsightError> {
        let bound = if self.tells_bounds { row.maybe("bound")? } else { None };
        let Some(bound) = bound else { return Ok(None) };
        let (valid_from, valid_to) = (row.maybe("valid_from")?, row.maybe("valid_to")?);
        let degenerate = row.text("degenerate")? == "true";
        Ok(Some(Holds { bound, valid_from, valid_to, degenerate }))
    }
    fn member<'a>(&self, row: Row<'a>, name: &str) -> &'a str {
        self.members.iter().find(|(member, _)| member == name).map_or("", |&(_, position)| row.at(position))
    }
    fn read(&self, row: Row) -> Result<Binding, InsightError> {
        let text = |name: &str| row.at(self.fixed[name]).to_owned();
        let members =
            self.members.iter().map(|(name, position)| (name.clone(), row.at(*position).to_owned()));
        Ok(Binding {
            level: text("level"),
            constraint: text("constraint"),
            members: members.filter(|(_, value)| !value.is_empty()).collect(),
            shadow_price: row.number("shadow_price")?,
            unit: text("unit"),
            holds: self.holds(row)?,
            words: text("words"),
        })
    }
}

/// What lies within a place, by the columns of `prices.csv`.
struct Within<'a> {
    nation: bool,
    by_column: BTreeMap<&'static str, BTreeSet<&'a str>>,
}

impl<'a> Within<'a> {
    fn new(system: &'a CareSystem, place: Place) -> Self {
        let mut by_column: BTreeMap<&'static str, BTreeSet<&'a str>> = BTreeMap::new();
        let mut add = |column, id: &'a str| _ = by_column.entry(column).or_default().insert(id);
        if let Place::Specialty(x) = place {
            add("specialty", system.specialties.id(x).as_str());
            return Self { nation: false, by_column };
        }
        for (area, id, item) in system.areas.iter() {
            if place.holds_area(system, area) {
                add("area", id.as_str());
                add("council", system.councils.id(item.council).as_str());
            }
        }
        for (site, id, item) in system.sites.iter() {
            if place.holds_beds(system, site, None) {
                add("site", id.as_str());
                add("trust", system.trusts.id(item.trust).as_str());
            }
        }
        match place {
            Place::Region(x) => {
                add("region", system.regions.id(x).as_str());
                add("group", system.regions.id(x).as_str());
                add("group", &system.regions[x].name);
                for (_, _, area) in system.areas.iter().filter(|(_, _, area)| area.region == x) {
                    add("commissioner", system.commissioners.id(area.commissioner).as_str());
                }
            }
            Place::Commissioner(x) => {
                add("commissioner", system.commissioners.id(x).as_str());
                add("group", system.commissioners.id(x).as_str());
                add("group", &system.commissioners[x].name);
            }
            _ => {}
        }
        Self { nation: place == Place::Nation, by_column }
    }
    /// Rows that may be within the place, in the order of the file: all that name something that lies there.
    fn candidates(&self, table: &Table) -> Vec<usize> {
        if self.nation {
            return (0..table.rows().count()).collect();
        }
        let named =
            self.by_column.iter().filter_map(|(column, ids)| Some((table.position(column).ok()?, ids)));
        let mut found: Vec<usize> =
            named.flat_map(|(column, ids)| table.holding(column, ids.iter().copied())).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
    /// Whether the first member that tells where a constraint is lies within the place.
    fn holds(&self, row: Row, columns: &Columns) -> bool {
        let is_in = |column: &str| match columns.member(row, column) {
            "" => None,
            id => Some(self.by_column.get(column).is_some_and(|ids| ids.contains(id))),
        };
        let order = ["site", "area", "council", "trust", "commissioner", "group", "region"];
        if self.nation {
            true
        } else if self.by_column.contains_key("specialty") {
            is_in("specialty") == Some(true)
        } else {
            order.into_iter().find_map(is_in).unwrap_or(false)
        }
    }
}

/// The largest prices of each level, at most ten in all: the largest of every level first, then the second, and so
/// on; told in order of level.
fn tell(ledger: &Ledger, place: Place, all: &[Binding]) -> Result<Vec<Told>, InsightError> {
    let mut levels: Vec<&str> = Vec::new();
    let mut groups: BTreeMap<(usize, &str, &str, String), Vec<&Binding>> = BTreeMap::new();
    let shown = |binding: &Binding| {
        // A bed's price says what room in it is worth, times its cap.
        let said_by_beds = binding.constraint == "BedCapacity";
        // A bed that a later aim could do without: it stands because earlier aims are kept.
        let kept_full = binding.constraint == "BedStock" && binding.shadow_price > 0.0;
        let bookkeeping = BOOKKEEPING.contains(&binding.constraint.as_str());
        binding.shadow_price.abs() > NO_PRICE && !said_by_beds && !kept_full && !bookkeeping
    };
    for binding in all.iter().filter(|binding| shown(binding)) {
        let level = levels.iter().position(|level| *level == binding.level).unwrap_or_else(|| {
            levels.push(&binding.level);
            levels.len() - 1
        });
        let key = (level, binding.constraint.as_str(), period_of(binding), rounded(binding.shadow_price));
        groups.entry(key).or_default().push(binding);
    }
    let mut ranked: Vec<Vec<&Vec<&Binding>>> = levels.iter().map(|_| Vec::new()).collect();
    for ((level, ..), group) in &groups {
        ranked[*level].push(group);
    }
    for level in &mut ranked {
        // Largest first; of equal prices those that hold in more places.
        level.sort_by(|a, b| {
            let size = |group: &[&Binding]| group[0].shadow_price.abs();
            size(b).total_cmp(&size(a)).then(b.len().cmp(&a.len()))
        });
    }
    let depth = ranked.iter().map(Vec::len).max().unwrap_or(0);
    let places =
        (0..depth.min(MOST_OF_LEVEL)).flat_map(|rank| (0..ranked.len()).map(move |level| (level, rank)));
    let mut chosen: Vec<(usize, usize)> =
        places.filter(|&(level, rank)| rank < ranked[level].len()).take(MOST_TOLD).collect();
    chosen.sort_unstable();
    chosen.into_iter().map(|(level, rank)| sentence(ledger, place, ranked[level][rank])).collect()
}

/// "One more bed of General surgery at St Mary's Hospital would meet 0.82 occupied beds of need."
fn sentence(ledger: &Ledger, place: Place, group: &[&Binding]) -> Result<Told, InsightError> {
    let first = group[0];
    let begun = if first.constraint == "BedStock" {
        beds(ledger, place, group)?
    } else if first.constraint == "UnmetCeiling" {
        Sentence::default().name(&first.words).say(": one percentage point more would ")
    } else {
        let words = first.words.as_str();
        let told = Sentence::default().name(words);
        let told = match group.len() {
            1 => told,
            2 => told.say(" (and one like it)"),
            _ => told.say(" (and others like it)"),
        };
        told.say(&format!(": {} would ", one_more(&first.unit)))
    };
    let told = effect(ledger, begun, first)?;
    // Constraints with one price need not hold it equally far.
    let told = if group.len() == 1 { holds::tell(ledger, told, first)? } else { told.say(".") };
    Ok(Told { level: first.level.clone(), constraint: first.constraint.clone(), count: group.len(), told })
}

/// "One more bed in any of 640 pools of beds (such as General surgery at St Mary's Hospital) would ".
fn beds(ledger: &Ledger, place: Place, group: &[&Binding]) -> Result<Sentence, InsightError> {
    let first = group[0];
    let pool = pool_name(ledger.system, first);
    let period = period_of(first);
    let when = |told: Sentence| if ledger.one_period() { told } else { told.say(" in ").name(period) };
    if group.len() == 1 {
        return Ok(when(Sentence::new("One more bed of ").name(&pool)).say(" would "));
    }
    let level = [("level", first.level.as_str()), ("constraint", &first.constraint), ("period", period)];
    let (price, beds) = (rounded(first.shadow_price), ledger.beds_of(place));
    let source = Source::Count { rows: rows(level), price, beds };
    let told = Sentence::new("One more bed in any of ")
        .figure(ledger.figure(source, Shown::Whole)?)
        .say(" pools of beds (such as ")
        .name(&pool)
        .say(")");
    Ok(when(told).say(" would "))
}

fn period_of(binding: &Binding) -> &str {
    binding.members.get("period").map_or("", String::as_str)
}

/// "General surgery at St Mary's Hospital".
pub fn pool_name(system: &CareSystem, binding: &Binding) -> String {
    let member = |name: &str| binding.members.get(name).map_or("", String::as_str);
    let specialty = system.specialties.find(member("specialty"));
    let site = system.sites.find(member("site"));
    match (specialty, site) {
        (Some(specialty), Some(site)) => {
            format!("{} at {}", Place::Specialty(specialty).name(system), Place::Site(site).name(system))
        }
        _ => binding.words.clone(),
    }
}

/// What a price does, with its figure.
pub fn effect(ledger: &Ledger, told: Sentence, binding: &Binding) -> Result<Sentence, InsightError> {
    let better = binding.shadow_price < 0.0;
    let source = Source::Cell {
        file: "prices.csv".to_owned(),
        row: row_of(binding),
        column: "shadow_price".to_owned(),
    };
    let source = if better { source.times(-1.0) } else { source };
    let (objective, _) = binding.unit.split_once(" per ").unwrap_or((&binding.unit, ""));
    let either = |good: &'static str, bad: &'static str| if better { good } else { bad };
    let (verb, after, scale) = match objective {
        // A point of one group's share against a point of another's.
        "share" if binding.constraint == "UnmetCeiling" => (
            either("lower the worst share not settled yet by ", "raise the worst share not settled yet by "),
            " percentage points",
            1.0,
        ),
        "weighted occupied beds" if unweighted(ledger.system) => (
            either("meet ", "leave "),
            either(" occupied beds of need", " more occupied beds of need unmet"),
            1.0,
        ),
        "weighted occupied beds" => (
            either("meet ", "leave "),
            either(" weighted occupied beds of need", " more weighted occupied beds of need unmet"),
            1.0,
        ),
        "share" => (
            either("lower the worst share not settled yet by ", "raise the worst share not settled yet by "),
            " percentage points",
            100.0,
        ),
        "patient-bed minutes" => (either("save ", "add "), " patient-bed minutes of travel", 1.0),
        "bed equivalents" => (either("save ", "add "), " bed equivalents of change", 1.0),
        "£ million a year" => (either("save £", "cost £"), " million a year", 1.0),
        other => {
            let told = told.say(either("lower the aim by ", "raise the aim by "));
            return Ok(told.figure(ledger.figure(source, Shown::Price)?).say(&format!(" ({other})")));
        }
    };
    let source = if scale == 1.0 { source } else { source.times(scale) };
    Ok(told.say(verb).figure(ledger.figure(source, Shown::Price)?).say(after))
}

/// The one row of `prices.csv` that a binding was read from.
pub fn row_of(binding: &Binding) -> Rows {
    let mut row = binding.members.clone();
    row.insert("level".to_owned(), binding.level.clone());
    row.insert("constraint".to_owned(), binding.constraint.clone());
    row
}

/// One more of what a constraint's bound counts, from the unit of its price.
fn one_more(unit: &str) -> String {
    match unit.split_once(" per ").map_or("unit", |(_, bound)| bound) {
        "£ million a year" => "a million pounds more a year".to_owned(),
        bound => format!("one more {bound}"),
    }
}

/// Whether every occupied bed of need weighs one, so that weighted beds are beds.
fn unweighted(system: &CareSystem) -> bool {
    let objective = &system.policy.objective;
    objective.most_deprived_weight == 1.0 && objective.urgency.values().all(|weight| *weight == 1.0)
}
