//! A demand in the words of whoever asks for it: "North East min 300", "site RHU03 / 300 exactly 20".
//!
//! ```text
//! [region|commissioner|trust|site] NAME [/ SPECIALTY] (min|max|exactly) NUMBER
//! ```
//! Where no kind is named, a region of that name is meant, else a commissioner, trust or site. `>=`, `<=` and `=`
//! stand for `min`, `max` and `exactly`. A specialty follows a site only.

use super::error::InsightError;
use super::place::{Asked, Place};
use crate::domain::policy::{Scope, Whose};
use crate::domain::system::CareSystem;
use crate::domain::units::Beds;

/// What is demanded of a number of new beds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// So many at least.
    Min,
    /// So many at most.
    Max,
    /// Just so many.
    Exactly,
}

/// A demand.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// Whose new beds.
    pub whose: Whose,
    /// Their name for people.
    pub name: String,
    /// What is demanded.
    pub relation: Relation,
    /// Of how many beds.
    pub beds: Beds,
}

impl Wanted {
    /// Least and most new beds.
    pub fn range(&self) -> (Beds, Beds) {
        match self.relation {
            Relation::Min => (self.beds, Beds(f64::INFINITY)),
            Relation::Max => (Beds::ZERO, self.beds),
            Relation::Exactly => (self.beds, self.beds),
        }
    }
    /// Whether a number of new beds meets it, to a thousandth of a bed.
    pub fn is_met_by(&self, beds: Beds) -> bool {
        let (least, most) = self.range();
        beds.0 >= least.0 - 1e-3 && beds.0 <= most.0 + 1e-3
    }
}

/// Words for the three relations.
const RELATIONS: [(&str, Relation); 6] = [
    ("min", Relation::Min),
    (">=", Relation::Min),
    ("max", Relation::Max),
    ("<=", Relation::Max),
    ("exactly", Relation::Exactly),
    ("=", Relation::Exactly),
];
const KINDS: [&str; 4] = ["region", "commissioner", "trust", "site"];

/// Reads a demand.
///
/// # Errors
/// When it is none, or names nothing that there is.
pub fn parse(system: &CareSystem, asked: &str) -> Result<Wanted, InsightError> {
    let fault = |cause: &str| InsightError::Demand { asked: asked.to_owned(), cause: cause.to_owned() };
    let spaced = asked.replace(">=", " >= ").replace("<=", " <= ").replace(':', " ");
    let words: Vec<&str> =
        spaced.split_whitespace().filter(|word| !["bed", "beds", "new"].contains(word)).collect();
    let [name @ .., relation, number] = &words[..] else { return Err(fault("it is too short")) };
    let relation = RELATIONS.iter().find(|(word, _)| word.eq_ignore_ascii_case(relation));
    let (_, relation) =
        relation.ok_or_else(|| fault("the word before the number is none of `min`, `max`, `exactly`"))?;
    let beds = number.replace([',', '_'], "").parse::<f64>().ok();
    let beds = beds.filter(|beds| beds.is_finite() && *beds >= 0.0);
    let beds = beds.ok_or_else(|| fault(&format!("`{number}` is no number of beds")))?;
    let (kind, name) = match name {
        [kind, rest @ ..]
            if KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind)) && !rest.is_empty() =>
        {
            (Some(kind.to_lowercase()), rest.join(" "))
        }
        _ => (None, name.join(" ")),
    };
    let (name, specialty) = match name.split_once('/') {
        Some((name, specialty)) => (name.trim().to_owned(), Some(specialty.trim().to_owned())),
        None => (name, None),
    };
    if name.is_empty() {
        return Err(fault("it names nobody"));
    }
    let place = find(system, kind.as_deref(), &name)?;
    let specialty = specialty.map(|name| Place::find(system, &Asked::Specialty(name))).transpose()?;
    let whose = match (place, specialty) {
        (Place::Site(site), Some(Place::Specialty(specialty))) => {
            if !system.beds.contains_key(&(site, specialty)) {
                return Err(fault("the site does not offer that specialty"));
            }
            Whose::Site(site, Some(specialty))
        }
        (_, Some(_)) => return Err(fault("a specialty may follow a site only")),
        (place, None) => whose(place)
            .ok_or_else(|| fault("only regions, commissioners, trusts and sites have new beds"))?,
    };
    let of = specialty.map_or_else(String::new, |specialty| format!("{} at ", specialty.name(system)));
    let name = format!("{of}{}", place.name(system));
    Ok(Wanted { whose, name, relation: *relation, beds: Beds(beds) })
}

/// Whose new beds those of a place are; `None` for places that get none of their own.
pub fn whose(place: Place) -> Option<Whose> {
    match place {
        Place::Region(x) => Some(Whose::Scope(Scope::Region(x))),
        Place::Commissioner(x) => Some(Whose::Scope(Scope::Commissioner(x))),
        Place::Trust(x) => Some(Whose::Scope(Scope::Trust(x))),
        Place::Site(x) => Some(Whose::Site(x, None)),
        Place::Nation | Place::Area(_) | Place::Specialty(_) => None,
    }
}

fn find(system: &CareSystem, kind: Option<&str>, name: &str) -> Result<Place, InsightError> {
    let of = |kind: &str| match kind {
        "region" => Asked::Region(name.to_owned()),
        "commissioner" => Asked::Commissioner(name.to_owned()),
        "trust" => Asked::Trust(name.to_owned()),
        _ => Asked::Site(name.to_owned()),
    };
    if let Some(kind) = kind {
        return Place::find(system, &of(kind));
    }
    let mut first_fault = None;
    for kind in KINDS {
        match Place::find(system, &of(kind)) {
            Ok(place) => return Ok(place),
            Err(fault @ InsightError::AmbiguousPlace { .. }) => return Err(fault),
            Err(fault) => _ = first_fault.get_or_insert(fault),
        }
    }
    Err(first_fault.unwrap_or_else(|| unreachable!("four kinds were tried")))
}
