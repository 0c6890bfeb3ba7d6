//! What can be explained: the nation, a region, commissioner, trust, site, area or specialty; found by code or name.

use super::error::InsightError;
use super::files::{Rows, rows};
use crate::domain::index::Register;
use crate::domain::system::CareSystem;
use crate::domain::{AreaIx, CommissionerIx, Ix, RegionIx, SiteIx, SpecialtyIx, TrustIx};
use std::fmt::Display;
use std::hash::Hash;

/// What somebody asked for, in their own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The nation.
    Nation,
    /// A region.
    Region(String),
    /// A commissioner.
    Commissioner(String),
    /// A trust.
    Trust(String),
    /// A site.
    Site(String),
    /// An area.
    Area(String),
    /// A specialty.
    Specialty(String),
}

/// What an explanation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The nation.
    Nation,
    /// A region.
    Region(RegionIx),
    /// A commissioner.
    Commissioner(CommissionerIx),
    /// A trust.
    Trust(TrustIx),
    /// A site.
    Site(SiteIx),
    /// An area.
    Area(AreaIx),
    /// A specialty.
    Specialty(SpecialtyIx),
}

impl Place {
    /// Finds what was asked for: by code, by name, or by a part of one name only; capitals do not matter.
    pub fn find(system: &CareSystem, asked: &Asked) -> Result<Self, InsightError> {
        Ok(match asked {
            Asked::Nation => Self::Nation,
            Asked::Region(x) => Self::Region(find("region", x, &system.regions, |r| &r.name)?),
            Asked::Commissioner(x) => {
                Self::Commissioner(find("commissioner", x, &system.commissioners, |c| &c.name)?)
            }
            Asked::Trust(x) => Self::Trust(find("trust", x, &system.trusts, |t| &t.name)?),
            Asked::Site(x) => Self::Site(find("site", x, &system.sites, |s| &s.name)?),
            Asked::Area(x) => Self::Area(find("area", x, &system.areas, |a| &a.name)?),
            Asked::Specialty(x) => Self::Specialty(find("specialty", x, &system.specialties, |s| &s.name)?),
        })
    }
    /// The kind of place, which is also the column of its code.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Nation => "nation",
            Self::Region(_) => "region",
            Self::Commissioner(_) => "commissioner",
            Self::Trust(_) => "trust",
            Self::Site(_) => "site",
            Self::Area(_) => "area",
            Self::Specialty(_) => "specialty",
        }
    }
    /// Its code; empty for the nation.
    pub fn id(self, system: &CareSystem) -> &str {
        match self {
            Self::Nation => "",
            Self::Region(x) => system.regions.id(x).as_str(),
            Self::Commissioner(x) => system.commissioners.id(x).as_str(),
            Self::Trust(x) => system.trusts.id(x).as_str(),
            Self::Site(x) => system.sites.id(x).as_str(),
            Self::Area(x) => system.areas.id(x).as_str(),
            Self::Specialty(x) => system.specialties.id(x).as_str(),
        }
    }
    /// Its name; its code where it has none.
    pub fn name(self, system: &CareSystem) -> &str {
        let name = match self {
            Self::Nation => "All regions",
            Self::Region(x) => &system.regions[x].name,
            Self::Commissioner(x) => &system.commissioners[x].name,
            Self::Trust(x) => &system.trusts[x].name,
            Self::Site(x) => &system.sites[x].name,
            Self::Area(x) => &system.areas[x].name,
            Self::Specialty(x) => &system.specialties[x].name,
        };
        if name.trim().is_empty() { self.id(system) } else { name }
    }
    /// The rows of a table with a column of this kind that are about it.
    pub fn rows(self, system: &CareSystem) -> Rows {
        match self {
            Self::Nation => Rows::new(),
            _ => rows([(self.kind(), self.id(system))]),
        }
    }
    /// Whether an area is part of it. Specialties are everywhere, trusts and sites nowhere.
    pub fn holds_area(self, system: &CareSystem, area: AreaIx) -> bool {
        match self {
            Self::Nation | Self::Specialty(_) => true,
            Self::Region(x) => system.areas[area].region == x,
            Self::Commissioner(x) => system.areas[area].commissioner == x,
            Self::Area(x) => area == x,
            Self::Trust(_) | Self::Site(_) => false,
        }
    }
    /// Whether a site's beds of a specialty are part of it. An area has none.
    pub fn holds_beds(self, system: &CareSystem, site: SiteIx, specialty: Option<SpecialtyIx>) -> bool {
        match self {
            Self::Nation => true,
            Self::Region(x) => system.sites[site].region == x,
            Self::Commissioner(x) => system.sites[site].commissioner == x,
            Self::Trust(x) => system.sites[site].trust == x,
            Self::Site(x) => site == x,
            Self::Area(_) => false,
            Self::Specialty(x) => specialty == Some(x),
        }
    }
}

/// Codes shown where a name fits several places.
const MOST_CANDIDATES: usize = 12;

fn find<Id, X, T>(
    kind: &'static str,
    asked: &str,
    register: &Register<Id, X, T>,
    name: impl Fn(&T) -> &String,
) -> Result<X, InsightError>
where
    Id: Clone + Ord + Hash + Display,
    X: Ix,
{
    let known: Vec<(X, String, &str)> =
        register.iter().map(|(x, id, item)| (x, id.to_string(), name(item).as_str())).collect();
    let wanted = asked.trim().to_lowercase();
    let by_code = known.iter().filter(|(_, id, _)| id.to_lowercase() == wanted).collect::<Vec<_>>();
    let by_name = known.iter().filter(|(_, _, name)| name.to_lowercase() == wanted).collect::<Vec<_>>();
    let has_part = |name: &str| !wanted.is_empty() && name.to_lowercase().contains(&wanted);
    let by_part = || known.iter().filter(|(_, _, name)| has_part(name)).collect::<Vec<_>>();
    let found = match (by_code.is_empty(), by_name.is_empty()) {
        (false, _) => by_code,
        (true, false) => by_name,
        (true, true) => by_part(),
    };
    match found.as_slice() {
        [(x, _, _)] => Ok(*x),
        [] => Err(InsightError::UnknownPlace { kind, asked: asked.to_owned(), hint: hint(&wanted, &known) }),
        several => {
            let shown = several.iter().take(MOST_CANDIDATES).map(|(_, id, name)| told(id, name));
            let candidates = shown.collect::<Vec<_>>().join(", ");
            let more = several.len().saturating_sub(MOST_CANDIDATES);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            Err(InsightError::AmbiguousPlace {
                kind,
                asked: asked.to_owned(),
                candidates: candidates + &rest,
            })
        }
    }
}

fn told(id: &str, name: &str) -> String {
    if name.is_empty() || name == id { id.to_owned() } else { format!("{id} ({name})") }
}

/// The code or name most like what was asked for, else a few to choose from.
fn hint<X>(wanted: &str, known: &[(X, String, &str)]) -> String {
    const SHOWN: usize = 10;
    let furthest = (wanted.chars().count() / 3).max(1);
    let distance = |text: &str| strsim::damerau_levenshtein(wanted, &text.to_lowercase());
    let words = |name: &str| name.split(|c: char| !c.is_alphanumeric()).map(distance).min();
    let nearest = known.iter().map(|(_, id, name)| {
        // A slip in one word of a long name counts a little less than one in the whole.
        let whole = 2 * distance(id).min(distance(name));
        (words(name).map_or(whole, |word| whole.min(2 * word + 1)), told(id, name))
    });
    match nearest.filter(|(distance, _)| *distance <= 2 * furthest + 1).min() {
        Some((_, name)) => format!("did you mean {name}?"),
        None if known.is_empty() => "there is none to choose from".to_owned(),
        None => {
            let names = known.iter().take(SHOWN).map(|(_, id, name)| told(id, name));
            let more = known.len().saturating_sub(SHOWN);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("there are {}{rest}", names.collect::<Vec<_>>().join(", "))
        }
    }
}
