//! The published figures, which ship with the program as small tables.

use super::super::ImportError;
use super::super::tables::RawTable;
use std::collections::BTreeMap;
use std::path::Path;

const BEDS: &str = include_str!("reference/beds_1999_00.csv");
const OFFICES: &str = include_str!("reference/offices.csv");
const PLACES: &str = include_str!("reference/places.csv");
const GROUPS: &str = include_str!("reference/specialties.csv");
const SPEND: &str = include_str!("reference/social_care_2000_01.csv");

/// The ward class whose beds the rates of delay are taken of; the other one is `geriatric`.
pub const ACUTE: &str = "acute";
/// The one office whose beds were published.
pub const NORTH_WEST: &str = "North West";

/// A group of specialties of 2019 that stands for wards of 1999-00.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Groups of one family may take over each other's beds.
    pub family: String,
    /// Share of its use that comes as an emergency (a judgement).
    pub emergency_share: String,
    /// `acute` or `geriatric`, the classes in which beds were counted.
    pub ward_class: String,
    /// Whether delayed discharges are counted in its beds (a judgement).
    pub carries_delay: bool,
}

/// What a council spent in 2000-01, £ thousand; `None` where its borders are newer than the figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spend {
    /// All personal social services.
    pub total: Option<f64>,
    /// Older people.
    pub older_people: Option<f64>,
    /// Children and families.
    pub children: Option<f64>,
}

/// All published figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// Beds by place (`England`, or the one office that is known) and ward class.
    pub beds: BTreeMap<(String, String), f64>,
    /// Share of beds held by patients fit to leave, by office.
    pub delay_rates: BTreeMap<String, f64>,
    /// Groups of specialties.
    pub groups: BTreeMap<String, Group>,
    /// The group of each specialty of 2019.
    pub group_of: BTreeMap<String, String>,
    /// Spend by council.
    pub spend: BTreeMap<String, Spend>,
    offices: BTreeMap<String, String>,
}

impl Published {
    /// Reads the tables that ship with the program.
    pub fn read() -> Result<Self, ImportError> {
        let (groups, group_of) = read_groups()?;
        let mut beds = BTreeMap::new();
        let table = open("beds_1999_00.csv", BEDS)?;
        let [place, class, count] = table.columns(["where", "ward_class", "beds"])?;
        for row in table.rows() {
            beds.insert((row.filled(place)?.to_owned(), row.filled(class)?.to_owned()), row.amount(count)?);
        }
        let mut delay_rates = BTreeMap::new();
        let table = open("offices.csv", OFFICES)?;
        let [office, percent] = table.columns(["office", "delayed_percent_of_beds"])?;
        for row in table.rows() {
            delay_rates.insert(row.filled(office)?.to_owned(), row.amount(percent)? / 100.0);
        }
        let mut offices = BTreeMap::new();
        let table = open("places.csv", PLACES)?;
        let [place, office] = table.columns(["place", "office"])?;
        for row in table.rows() {
            offices.insert(row.filled(place)?.to_owned(), row.filled(office)?.to_owned());
        }
        Ok(Self { beds, delay_rates, groups, group_of, spend: read_spend()?, offices })
    }

    /// The regional office of a council: the one it is listed under, else that of its region.
    pub fn office(&self, council: &str, region: &str) -> Option<&str> {
        self.offices.get(council).or_else(|| self.offices.get(region)).map(String::as_str)
    }

    /// Published beds of the cell that a place's beds are scaled to: the North West's own, the rest of England's.
    pub fn cell_beds(&self, office: &str, ward_class: &str) -> f64 {
        let beds = |place: &str| self.beds[&(place.to_owned(), ward_class.to_owned())];
        if office == NORTH_WEST { beds(NORTH_WEST) } else { beds("England") - beds(NORTH_WEST) }
    }

    /// All general and acute beds of England in 1999-00.
    pub fn all_beds(&self) -> f64 {
        self.beds.iter().filter(|((place, _), _)| place == "England").map(|(_, beds)| beds).sum()
    }
}

fn open(name: &str, text: &str) -> Result<RawTable, ImportError> {
    RawTable::read(&Path::new("reference").join(name), text.as_bytes())
}

type Groups = (BTreeMap<String, Group>, BTreeMap<String, String>);

fn read_groups() -> Result<Groups, ImportError> {
    let table = open("specialties.csv", GROUPS)?;
    let [id, name, family, emergency, class, delay, members] = table.columns([
        "specialty",
        "name",
        "family",
        "emergency_share",
        "ward_class",
        "carries_delay",
        "members",
    ])?;
    let (mut groups, mut group_of) = (BTreeMap::new(), BTreeMap::new());
    for row in table.rows() {
        let group = Group {
            name: row.filled(name)?.to_owned(),
            family: row.filled(family)?.to_owned(),
            emergency_share: row.filled(emergency)?.to_owned(),
            ward_class: row.filled(class)?.to_owned(),
            carries_delay: row.filled(delay)? == "yes",
        };
        for member in row.filled(members)?.split_whitespace() {
            group_of.insert(member.to_owned(), row.filled(id)?.to_owned());
        }
        groups.insert(row.filled(id)?.to_owned(), group);
    }
    Ok((groups, group_of))
}

fn read_spend() -> Result<BTreeMap<String, Spend>, ImportError> {
    let table = open("social_care_2000_01.csv", SPEND)?;
    let [council, total, older, children] =
        table.columns(["council", "total_gbp_k", "older_people_gbp_k", "children_gbp_k"])?;
    let mut spend = BTreeMap::new();
    for row in table.rows() {
        let figures = Spend {
            total: row.optional_amount(total)?,
            older_people: row.optional_amount(older)?,
            children: row.optional_amount(children)?,
        };
        spend.insert(row.filled(council)?.to_owned(), figures);
    }
    Ok(spend)
}
