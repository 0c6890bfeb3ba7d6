//! Settings of waves, scenarios of need, and need that answers to beds.

use super::{Located, Named, Pick, find};
use crate::domain::units::{Beds, Proportion};
use crate::input::yaml::Node;

/// A wave.
#[derive(Debug, Clone)]
pub struct WaveSettings {
    /// Its name.
    pub name: Located<String>,
    /// Years from the data's year.
    pub years: Option<f64>,
    /// New beds given out in it.
    pub new_beds: Option<Beds>,
}

/// A scenario of need.
#[derive(Debug, Clone)]
pub struct ScenarioSettings {
    /// Its name.
    pub name: Located<String>,
    /// How likely it is.
    pub probability: Proportion,
    /// Need against what is planned for otherwise.
    pub need: f64,
}

/// How need answers to beds.
#[derive(Debug, Clone)]
pub struct InducedSettings {
    /// For specialties not named.
    pub elasticity: f64,
    /// For some specialties.
    pub specialties: Named,
}

/// Reads `waves`.
pub fn read_waves(root: &Node) -> Vec<WaveSettings> {
    items(root, "waves").iter().map(read_wave).collect()
}

/// Reads `scenarios`.
pub fn read_scenarios(root: &Node) -> Vec<ScenarioSettings> {
    items(root, "scenarios").iter().map(read_scenario).collect()
}

/// Reads `induced_demand`.
pub fn read_induced(root: &Node) -> InducedSettings {
    let pick = |path: &str| Pick { node: find(root, path), root };
    InducedSettings {
        elasticity: pick("induced_demand.elasticity").number().value,
        specialties: pick("induced_demand.specialties").named(),
    }
}

fn items<'a>(root: &'a Node, path: &str) -> &'a [Node] {
    find(root, path).map(Node::items).unwrap_or_default()
}

fn read_wave(node: &Node) -> WaveSettings {
    let pick = |key: &str| Pick { node: node.get(key), root: node };
    WaveSettings {
        name: pick("name").text(),
        years: pick("years").maybe(|p| p.number().value),
        new_beds: pick("new_beds").maybe(|p| Beds(p.number().value)),
    }
}

fn read_scenario(node: &Node) -> ScenarioSettings {
    let pick = |key: &str| Pick { node: node.get(key), root: node };
    ScenarioSettings {
        name: pick("name").text(),
        probability: Proportion(pick("probability").number().value),
        need: pick("need").number().value,
    }
}
