//! `justifications.yaml`: why a place is different from the national standard, who says so, and on what evidence.
//!
//! ```yaml
//! justifications:
//!   - who: trust RHU            # region, commissioner, trust or site, by code or name
//!     what: occupancy           # occupancy, use, delay, beds, minutes or other
//!     why: "a single-room hospital loses fewer beds to infection control"
//!     evidence: "board paper 14, July 2019"
//!     cap: {share: 0.88, specialty: "300"}                  # any of these three makes it an input
//!     pin: {site: RHU03, specialty: "300", beds: 20}
//!     need_factor: {factor: 1.05, specialty: "300"}         # of a region or commissioner
//! ```

use super::codes;
use super::extends;
use super::faults::{Faults, suggest};
use super::location::Location;
use super::yaml::Node;
use super::{InputFile, paths};
use crate::domain::justification::{Effect, Justification, Justified, STANDARDS};
use crate::domain::policy::{Origin, Pin};
use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, Proportion};
use crate::domain::{SiteIx, SpecialtyIx};
use std::path::{Path, PathBuf};

/// Its name beside a model, where the model names no other.
pub const NAME: &str = "justifications.yaml";
const KEYS: [&str; 7] = ["who", "what", "why", "evidence", "pin", "cap", "need_factor"];

/// A file of justifications.
#[derive(Debug)]
pub struct Found {
    /// Where it is.
    pub path: PathBuf,
    items: Vec<Node>,
}

/// Reads the file that a model names, or the one beside it; `None` where there is none, or it cannot be read (the
/// fault is told).
pub fn read(
    model: &Path,
    named: Option<(&str, &Location)>,
    faults: &mut Faults,
    inputs: &mut Vec<InputFile>,
) -> Option<Found> {
    let path = match named {
        Some((name, at)) => extends::beside(&at.file, name),
        None => Some(paths::folder_of(model).join(NAME)).filter(|path| path.is_file())?,
    };
    let root = extends::read_one(&path, named.map(|(_, at)| at), faults, inputs)?;
    for entry in root.entries().iter().filter(|entry| entry.key != "justifications") {
        let cure = "the file holds one key, `justifications`, with a list";
        faults.add(codes::UNKNOWN_KEY, entry.at.clone(), format!("unknown key `{}`", entry.key), cure);
    }
    let items = root.get("justifications").map(|list| list.items().to_vec()).unwrap_or_default();
    Some(Found { path, items })
}

/// Puts justifications into a care system, those that are inputs too.
pub fn apply(found: &Found, system: &mut CareSystem, faults: &mut Faults) {
    for item in &found.items {
        if let Some(read) = one(item, system, faults) {
            let effects = read.effects.clone();
            system.policy.justifications.push(read);
            let from = system.policy.justifications.len() - 1;
            for effect in effects {
                take_effect(system, from, effect);
            }
        }
    }
}

fn one(item: &Node, system: &CareSystem, faults: &mut Faults) -> Option<Justification> {
    for entry in item.entries().iter().filter(|entry| !KEYS.contains(&entry.key.as_str())) {
        let cure = suggest(&entry.key, KEYS);
        faults.add(codes::UNKNOWN_KEY, entry.at.clone(), format!("unknown key `{}`", entry.key), cure);
    }
    let mut text = |key: &str, needed: bool| {
        let found = item.get(key).and_then(Node::text).filter(|text| !text.trim().is_empty());
        if found.is_none() && needed {
            let cure = "who is different, in `what`, `why`, and on what `evidence`";
            faults.add(codes::KEY_MISSING, item.at.clone(), format!("`{key}` must be given"), cure);
        }
        found.map(str::to_owned)
    };
    let (who, what, why, evidence) =
        (text("who", true), text("what", true), text("why", true), text("evidence", false));
    let (who, what, why) = (who?, what?, why?);
    if !STANDARDS.contains(&what.as_str()) {
        let at = item.get("what").map_or(&item.at, |node| &node.at).clone();
        let cure = format!("use one of: {}", STANDARDS.join(", "));
        faults.add(codes::UNKNOWN_WORD, at, format!("`what` cannot be `{what}`"), cure);
        return None;
    }
    let at = item.get("who").map_or(&item.at, |node| &node.at);
    let Some(whom) = find(system, &who) else {
        let cause = format!("the tables have no region, commissioner, trust or site `{who}`");
        faults.add(codes::UNKNOWN_NAME, at.clone(), cause, suggest(&who, names(system)));
        return None;
    };
    let effects = effects(item, system, whom, faults);
    let origin = Origin { file: item.at.file.to_string(), line: item.at.line as usize };
    Some(Justification { who: whom, what, why, evidence, effects, origin })
}

fn effects(item: &Node, system: &CareSystem, who: Justified, faults: &mut Faults) -> Vec<Effect> {
    let mut effects = Vec::new();
    if let Some(node) = item.get("pin") {
        let site = word(node, "site").map(|name| (name, system.sites.find(name)));
        let specialty = specialty(node, system, faults);
        match (site, number(node, "beds", (0.0, 1e6), faults), specialty) {
            (Some((_, Some(site))), Some(beds), Ok(specialty)) => {
                effects.push(Effect::Pin { site, specialty, beds: Beds(beds) });
            }
            (Some((name, None)), ..) => {
                let sites = system.sites.ids().iter().map(|id| id.as_str());
                let cause = format!("the tables have no site `{name}`");
                faults.add(codes::UNKNOWN_NAME, node.at.clone(), cause, suggest(name, sites));
            }
            (None, ..) => missing(node, "site", faults),
            _ => {}
        }
    }
    if let Some(node) = item.get("cap")
        && let (Some(share), Ok(specialty)) =
            (number(node, "share", (0.3, 1.0), faults), specialty(node, system, faults))
    {
        effects.push(Effect::Cap { cap: Proportion(share), specialty });
    }
    if let Some(node) = item.get("need_factor")
        && let (Some(factor), Ok(specialty)) =
            (number(node, "factor", (0.1, 5.0), faults), specialty(node, system, faults))
    {
        if matches!(who, Justified::Region(_) | Justified::Commissioner(_)) {
            effects.push(Effect::NeedFactor { factor, specialty });
        } else {
            let cure = "give the factor to the region or commissioner whose people they are";
            let cause = "trusts and sites have no need of their own";
            faults.add(codes::WRONG_TYPE, node.at.clone(), cause, cure);
        }
    }
    effects
}

fn take_effect(system: &mut CareSystem, from: usize, effect: Effect) {
    let (who, origin) = {
        let source = &system.policy.justifications[from];
        (source.who, source.origin.clone())
    };
    match effect {
        Effect::Pin { site, specialty, beds } => {
            let why = system.policy.justifications[from].reason();
            system.policy.pins.push(Pin { site, specialty, beds, why, origin });
        }
        Effect::Cap { cap, specialty } => {
            let pools: Vec<(SiteIx, SpecialtyIx)> = system
                .beds
                .keys()
                .copied()
                .filter(|&(site, s)| who.holds_site(system, site) && specialty.is_none_or(|only| only == s))
                .collect();
            system.policy.occupancy.pools.extend(pools.into_iter().map(|pool| (pool, cap)));
        }
        Effect::NeedFactor { factor, specialty } => {
            for area in system.areas.indices() {
                let place = &system.areas[area];
                let meant = match who {
                    Justified::Region(x) => place.region == x,
                    Justified::Commissioner(x) => place.commissioner == x,
                    Justified::Trust(_) | Justified::Site(_) => false,
                };
                for s in
                    system.specialties.indices().filter(|&s| meant && specialty.is_none_or(|only| only == s))
                {
                    let need = system.need[(area, s)];
                    system.need[(area, s)] = need * factor;
                }
            }
        }
    }
}

fn word<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key).and_then(Node::text)
}

fn missing(node: &Node, key: &str, faults: &mut Faults) {
    let cause = format!("`{key}` must be given");
    faults.add(codes::KEY_MISSING, node.at.clone(), cause, format!("add `{key}: …`"));
}

/// A number within limits; one that is missing or beyond them is told.
fn number(node: &Node, key: &str, (least, most): (f64, f64), faults: &mut Faults) -> Option<f64> {
    let Some(value) = node.get(key) else {
        missing(node, key, faults);
        return None;
    };
    let found = value.number().filter(|number| (least..=most).contains(number));
    if found.is_none() {
        let cause = format!("`{key}` must be a number between {least} and {most}");
        let cure = "shares are written as 0.88, not as 88%";
        faults.add(codes::OUT_OF_RANGE, value.at.clone(), cause, cure);
    }
    found
}

/// The specialty of an input; all where none is named; an error where there is none of that name (it is told).
fn specialty(node: &Node, system: &CareSystem, faults: &mut Faults) -> Result<Option<SpecialtyIx>, ()> {
    let Some(name) = word(node, "specialty") else { return Ok(None) };
    let found = system.specialties.find(name);
    if found.is_none() {
        let known = system.specialties.ids().iter().map(|id| id.as_str());
        let cause = format!("the tables have no specialty `{name}`");
        faults.add(codes::UNKNOWN_NAME, node.at.clone(), cause, suggest(name, known));
    }
    found.map(Some).ok_or(())
}

/// Whom a name means; a kind in front of it tells those of one name apart.
fn find(system: &CareSystem, who: &str) -> Option<Justified> {
    use super::policy::by_id_or_name;
    let (kind, name) = match who.split_once(' ') {
        Some((kind, name)) if ["region", "commissioner", "trust", "site"].contains(&kind) => {
            (kind, name.trim())
        }
        _ => ("", who),
    };
    let asked = |wanted: &str| kind.is_empty() || kind == wanted;
    let site = || {
        let named = |(_, _, site): &(SiteIx, _, &crate::domain::system::Site)| site.name == name;
        let mut bearers = system.sites.iter().filter(named).map(|(site, ..)| site);
        system.sites.find(name).or_else(|| bearers.next().filter(|_| bearers.next().is_none()))
    };
    let region = || by_id_or_name(name, &system.regions).map(Justified::Region);
    let commissioner = || by_id_or_name(name, &system.commissioners).map(Justified::Commissioner);
    let trust = || by_id_or_name(name, &system.trusts).map(Justified::Trust);
    None.or_else(|| region().filter(|_| asked("region")))
        .or_else(|| commissioner().filter(|_| asked("commissioner")))
        .or_else(|| trust().filter(|_| asked("trust")))
        .or_else(|| site().map(Justified::Site).filter(|_| asked("site")))
}

fn names(system: &CareSystem) -> Vec<&str> {
    let mut names = super::policy::names_of(&system.regions);
    names.extend(super::policy::names_of(&system.commissioners));
    names.extend(super::policy::names_of(&system.trusts));
    names.extend(system.sites.ids().iter().map(|id| id.as_str()));
    names
}
