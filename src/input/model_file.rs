//! The settings of a model file as plain values, before the names in it are looked up in the tables.

pub mod time;

use super::location::Location;
use super::measure_settings::MeasureSettings;
use super::origins;
use super::solver_settings::{Algorithm, Method, SolverSettings};
use super::yaml::{Node, Value};
use crate::domain::moves::{Choice, ReallocationScope};
use crate::domain::period::WorstTail;
use crate::domain::policy::{EquityGroups, Origins, TieBreak};
use crate::domain::units::{Beds, Minutes, Pounds, Proportion};

pub use time::{InducedSettings, ScenarioSettings, WaveSettings};

/// A value and where it was written.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub at: Location,
}

/// Weight of the worst scenarios where nothing is said (an assumption).
const TAIL_WEIGHT: f64 = 0.99;

/// A number for each of some names.
pub type Named = Vec<(Located<String>, f64)>;

/// Whose need is planned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeedBasis {
    /// What people use today.
    Revealed,
    /// What age and deprivation let expect.
    Expected,
}

/// The settings of a model file, every default filled in.
#[derive(Debug, Clone)]
pub struct ModelFile {
    /// The model's name.
    pub name: String,
    /// The data folder as stated; relative to the file that states it.
    pub data: Located<String>,
    /// The folder of area tables inside it.
    pub areas: Option<Located<String>>,
    /// A folder of tables that go before all others, as stated; relative to the file that states it.
    pub own_tables: Option<Located<String>>,
    /// What readers of the results must know.
    pub notes: Vec<String>,
    /// Whose need.
    pub need: NeedBasis,
    /// Growth of need, a share a year.
    pub growth: f64,
    /// Other growth by specialty.
    pub specialty_growth: Named,
    /// Need in the season planned for, against the mean of the year.
    pub winter_factor: f64,
    /// Waves, in order of time; empty for one.
    pub waves: Vec<WaveSettings>,
    /// Scenarios of need; empty where need is certain.
    pub scenarios: Vec<ScenarioSettings>,
    /// How need answers to beds.
    pub induced: InducedSettings,
    /// New beds to give out.
    pub new_beds: Located<Beds>,
    /// Whether all of them must be given out.
    pub must_spend: bool,
    /// Whether beds are planned in whole wards.
    pub whole_beds: bool,
    /// Beds of a ward.
    pub ward_size: Beds,
    /// Occupancy cap.
    pub cap: Proportion,
    /// Other caps by specialty.
    pub caps: Named,
    /// Most that a pool of beds may refuse.
    pub refusal_limit: Option<Proportion>,
    /// Other such limits by specialty.
    pub refusal_limits: Named,
    /// Travel settings.
    pub reach: ReachSettings,
    /// Most a site may grow.
    pub growth_limit: Option<Proportion>,
    /// The social-care part; `None` when it is off.
    pub social_care: Option<SocialCareSettings>,
    /// Agreements by kind of scope.
    pub agreements: Vec<AgreementSettings>,
    /// Pins.
    pub pins: Vec<PinSettings>,
    /// Beds that move between sites; `None` when none do.
    pub reallocation: Option<ReallocationSettings>,
    /// Beds that change their specialty: the limit and £ a bed; `None` when none do.
    pub conversion: Option<(Proportion, Pounds)>,
    /// Beds that must stay.
    pub protected: Vec<ProtectionSettings>,
    /// Most that closes, as a share; `None` when no beds close.
    pub closure_limit: Option<Proportion>,
    /// Where it is asked that beds close only once other provision is there; `None` where it is not.
    pub closure_precedence: Option<Location>,
    /// Sites that may close, then those that may open, each with its fixed cost.
    pub site_choices: Vec<(Located<String>, Choice, Pounds)>,
    /// The objective.
    pub objective: ObjectiveSettings,
    /// £ to build a bed.
    pub capital_per_bed: Pounds,
    /// Years a building lasts.
    pub capital_life_years: f64,
    /// £ a staffed bed-day.
    pub revenue_per_bed_day: Pounds,
    /// The solver.
    pub solver: SolverSettings,
    /// What can be done besides new acute beds, and money and staff.
    pub measures: MeasureSettings,
    /// Where each setting was written.
    pub origins: Origins,
}

/// Travel settings.
#[derive(Debug, Clone)]
pub struct ReachSettings {
    /// Longest journey.
    pub limit: Minutes,
    /// Other limits by specialty.
    pub limits: Named,
    /// Travel up to here weighs nothing.
    pub free: Located<Minutes>,
    /// Travel beyond here weighs more.
    pub steep_after: Minutes,
    /// How many times more.
    pub steep_factor: f64,
    /// Only so many nearest sites.
    pub nearest_sites: Option<usize>,
}

/// Social-care settings.
#[derive(Debug, Clone)]
pub struct SocialCareSettings {
    /// Money that may be given to councils.
    pub pooled_fund: Located<Pounds>,
    /// Floors by service.
    pub floors: Named,
    /// The service whose spend releases beds.
    pub releasing_service: Located<String>,
    /// Share that social care can touch.
    pub touchable: Proportion,
    /// Share that nobody can release.
    pub irreducible: Proportion,
    /// Steps: share and cost.
    pub curve: Vec<Located<(f64, f64)>>,
    /// Where the curve stands.
    pub curve_at: Location,
}

/// Whom an agreement binds, by the block it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeKind {
    /// `regions`.
    Region,
    /// `commissioners`.
    Commissioner,
    /// `trusts`.
    Trust,
}

/// An agreement.
#[derive(Debug, Clone)]
pub struct AgreementSettings {
    /// The kind of scope.
    pub kind: ScopeKind,
    /// Its name or identifier.
    pub name: Located<String>,
    /// Least new beds.
    pub min: Option<Beds>,
    /// Most new beds.
    pub max: Option<Beds>,
}

/// A pin.
#[derive(Debug, Clone)]
pub struct PinSettings {
    /// The site.
    pub site: Located<String>,
    /// The specialty.
    pub specialty: Option<Located<String>>,
    /// New beds.
    pub beds: Located<Beds>,
    /// The reason.
    pub why: String,
}

/// Settings of beds that move between sites.
#[derive(Debug, Clone)]
pub struct ReallocationSettings {
    /// Among which sites.
    pub scope: Located<ReallocationScope>,
    /// Most that leaves, as a share.
    pub limit: Proportion,
    /// £ a bed, once; `None` for the capital of a new one.
    pub cost_per_bed: Option<Pounds>,
}

/// Beds that must stay.
#[derive(Debug, Clone)]
pub struct ProtectionSettings {
    /// The site.
    pub site: Located<String>,
    /// The specialty.
    pub specialty: Option<Located<String>>,
    /// The reason.
    pub why: String,
}

/// Settings of the objective.
#[derive(Debug, Clone)]
pub struct ObjectiveSettings {
    /// Terms one after another; `None` when weights are given.
    pub priorities: Option<Vec<String>>,
    /// Weights by term.
    pub weights: Named,
    /// Tolerances by term.
    pub tolerances: Named,
    /// Who is compared.
    pub equity_groups: Located<EquityGroups>,
    /// Next worst after worst.
    pub leximin: bool,
    /// How ties are settled.
    pub tie_break: TieBreak,
    /// Weight of the most deprived.
    pub most_deprived: Located<f64>,
    /// Urgency by specialty.
    pub urgency: Named,
    /// The worst part of the scenarios that counts.
    pub worst_tail: Option<WorstTail>,
}

impl ModelFile {
    /// Reads a tree that was checked and filled in. What was cut out as faulty and has no default reads
    /// as empty or nought: such a model is never used, but its other parts can still be checked.
    pub fn read(root: &Node) -> Self {
        let pick = |path: &str| Pick { node: find(root, path), root };
        Self {
            name: pick("name").text().value,
            data: pick("data").text(),
            areas: pick("areas").maybe(Pick::text),
            own_tables: pick("own_tables").maybe(Pick::text),
            notes: find(root, "notes").map(Node::items).unwrap_or_default().iter().filter_map(note).collect(),
            need: if pick("need").word() == "expected" { NeedBasis::Expected } else { NeedBasis::Revealed },
            growth: pick("growth").number().value,
            specialty_growth: pick("specialty_growth").named(),
            winter_factor: pick("winter_factor").maybe(|p| p.number().value).unwrap_or(1.0),
            waves: time::read_waves(root),
            scenarios: time::read_scenarios(root),
            induced: time::read_induced(root),
            new_beds: pick("new_beds.total").number().map(Beds),
            must_spend: pick("new_beds.must_spend").flag(),
            whole_beds: pick("whole_beds").flag(),
            ward_size: Beds(pick("ward_size").maybe(|p| p.number().value).unwrap_or(1.0)),
            cap: Proportion(pick("occupancy.cap").number().value),
            caps: pick("occupancy.specialties").named(),
            refusal_limit: pick("occupancy.refusal_limit").maybe(|p| Proportion(p.number().value)),
            refusal_limits: pick("occupancy.refusal_limits").named(),
            reach: ReachSettings {
                limit: Minutes(pick("reach.limit_minutes").number().value),
                limits: pick("reach.specialties").named(),
                free: pick("reach.free_minutes").number().map(Minutes),
                steep_after: Minutes(pick("reach.steep_after_minutes").number().value),
                steep_factor: pick("reach.steep_factor").number().value,
                nearest_sites: pick("reach.nearest_sites").maybe(|p| whole(p.number().value)),
            },
            growth_limit: pick("sites.growth_limit").maybe(|p| Proportion(p.number().value)),
            social_care: pick("social_care").maybe(|_| read_social_care(root)),
            agreements: read_agreements(root),
            pins: items(root, "pins").iter().map(read_pin).collect(),
            reallocation: pick("reallocation").maybe(|_| read_reallocation(root)),
            conversion: pick("conversion").maybe(|_| {
                let number = |path: &str| pick(path).number().value;
                (Proportion(number("conversion.limit")), Pounds(number("conversion.cost_per_bed")))
            }),
            closure_limit: pick("closures").maybe(|_| Proportion(pick("closures.limit").number().value)),
            closure_precedence: Some(pick("closures.precedence")).filter(|p| p.flag()).map(|p| p.at()),
            site_choices: read_choices(root),
            protected: items(root, "protected").iter().map(read_protection).collect(),
            objective: read_objective(root),
            capital_per_bed: Pounds(pick("costs.capital_per_bed").number().value),
            capital_life_years: pick("costs.capital_life_years").number().value,
            revenue_per_bed_day: Pounds(pick("costs.revenue_per_bed_day").number().value),
            measures: MeasureSettings::read(root),
            origins: origins::of(root),
            solver: SolverSettings {
                name: pick("solver.name").word().to_owned(),
                threads: whole(pick("solver.threads").number().value),
                time_limit_seconds: pick("solver.time_limit_seconds").maybe(|p| p.number().value),
                gap: pick("solver.gap").number().value,
                method: match pick("solver.method").word() {
                    "whole" => Method::Whole,
                    "decomposed" => Method::Decomposed,
                    "factorised" => Method::Factorised,
                    _ => Method::Auto,
                },
                algorithm: match pick("solver.algorithm").word() {
                    "simplex" => Algorithm::Simplex,
                    "interior_point" => Algorithm::InteriorPoint,
                    _ => Algorithm::Choose,
                },
            },
        }
    }
}

fn note(node: &Node) -> Option<String> {
    node.get("text").and_then(Node::text).map(str::to_owned)
}

fn read_social_care(root: &Node) -> SocialCareSettings {
    let pick = |path: &str| Pick { node: find(root, path), root };
    let curve = find(root, "social_care.discharge_curve");
    let step = |node: &Node| {
        let number = |key: &str| node.get(key).and_then(Node::number).unwrap_or(0.0);
        Located { value: (number("share"), number("cost")), at: node.at.clone() }
    };
    SocialCareSettings {
        pooled_fund: pick("social_care.pooled_fund").number().map(Pounds),
        floors: pick("social_care.floors").named(),
        releasing_service: pick("social_care.releasing_service").text(),
        touchable: Proportion(pick("social_care.touchable_share").number().value),
        irreducible: Proportion(pick("social_care.irreducible_share").number().value),
        curve: curve.map(Node::items).unwrap_or_default().iter().map(step).collect(),
        curve_at: curve.map_or_else(|| root.at.clone(), |node| node.at.clone()),
    }
}

fn read_agreements(root: &Node) -> Vec<AgreementSettings> {
    let kinds = [
        ("regions", ScopeKind::Region),
        ("commissioners", ScopeKind::Commissioner),
        ("trusts", ScopeKind::Trust),
    ];
    let mut agreements = Vec::new();
    for (block, kind) in kinds {
        for entry in find(root, block).map(Node::entries).unwrap_or_default() {
            let beds = |key: &str| entry.node.get(key).and_then(Node::number).map(Beds);
            let name = Located { value: entry.key.clone(), at: entry.at.clone() };
            agreements.push(AgreementSettings { kind, name, min: beds("min"), max: beds("max") });
        }
    }
    agreements
}

fn read_pin(node: &Node) -> PinSettings {
    let pick = |key: &str| Pick { node: node.get(key), root: node };
    PinSettings {
        site: pick("site").text(),
        specialty: pick("specialty").maybe(Pick::text),
        beds: pick("beds").number().map(Beds),
        why: pick("why").text().value,
    }
}

fn read_reallocation(root: &Node) -> ReallocationSettings {
    let pick = |path: &str| Pick { node: find(root, path), root };
    let scope = match pick("reallocation.scope").word() {
        "trust" => ReallocationScope::Trust,
        "group" => ReallocationScope::Group,
        "region" => ReallocationScope::Region,
        "nation" => ReallocationScope::Nation,
        _ => ReallocationScope::Commissioner,
    };
    ReallocationSettings {
        scope: pick("reallocation.scope").text().map(|_| scope),
        limit: Proportion(pick("reallocation.limit").number().value),
        cost_per_bed: pick("reallocation.cost_per_bed").maybe(|p| Pounds(p.number().value)),
    }
}

fn read_choices(root: &Node) -> Vec<(Located<String>, Choice, Pounds)> {
    let lists = [("closures.sites", Choice::MayClose), ("openings", Choice::MayOpen)];
    let read = |node: &Node, choice| {
        let pick = |key: &str| Pick { node: node.get(key), root: node };
        (pick("site").text(), choice, Pounds(pick("fixed_cost").number().value))
    };
    let of = |(list, choice)| items(root, list).iter().map(move |node| read(node, choice));
    lists.into_iter().flat_map(of).collect()
}

fn read_protection(node: &Node) -> ProtectionSettings {
    let pick = |key: &str| Pick { node: node.get(key), root: node };
    ProtectionSettings {
        site: pick("site").text(),
        specialty: pick("specialty").maybe(Pick::text),
        why: pick("why").text().value,
    }
}

fn read_objective(root: &Node) -> ObjectiveSettings {
    let pick = |path: &str| Pick { node: find(root, path), root };
    let groups = match pick("objective.equity_groups").word() {
        "commissioner" => EquityGroups::Commissioner,
        "deprivation_quintile" => EquityGroups::DeprivationQuintile,
        _ => EquityGroups::Region,
    };
    let terms = |node: &Node| node.items().iter().filter_map(Node::text).map(str::to_owned).collect();
    ObjectiveSettings {
        priorities: find(root, "objective.priorities").map(terms),
        weights: pick("objective.weights").named(),
        tolerances: pick("objective.tolerances").named(),
        equity_groups: pick("objective.equity_groups").text().map(|_| groups),
        leximin: pick("objective.leximin").flag(),
        tie_break: if pick("objective.tie_break").word() == "none" {
            TieBreak::None
        } else {
            TieBreak::NeedShare
        },
        most_deprived: pick("objective.deprivation_weight.most_deprived").number(),
        urgency: pick("objective.urgency").named(),
        worst_tail: pick("objective.worst_tail").maybe(|p| WorstTail {
            part: Proportion(p.number().value),
            weight: Proportion(
                pick("objective.tail_weight").maybe(|p| p.number().value).unwrap_or(TAIL_WEIGHT),
            ),
        }),
    }
}

impl<T> Located<T> {
    fn map<U>(self, make: impl FnOnce(T) -> U) -> Located<U> {
        Located { value: make(self.value), at: self.at }
    }
}

/// The items of a list; none where there is no list.
fn items<'a>(root: &'a Node, path: &str) -> &'a [Node] {
    find(root, path).map(Node::items).unwrap_or_default()
}

/// The node at a path of keys.
pub fn find<'a>(root: &'a Node, path: &str) -> Option<&'a Node> {
    path.split('.').try_fold(root, Node::get)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Checked to be whole and small.
fn whole(number: f64) -> usize {
    number as usize
}

/// A value picked out of the tree, perhaps absent.
pub(super) struct Pick<'a> {
    pub(super) node: Option<&'a Node>,
    pub(super) root: &'a Node,
}

impl<'a> Pick<'a> {
    fn at(&self) -> Location {
        self.node.unwrap_or(self.root).at.clone()
    }
    pub(super) fn maybe<T>(self, read: impl FnOnce(Self) -> T) -> Option<T> {
        self.node.is_some().then(|| read(self))
    }
    fn word(&self) -> &'a str {
        self.node.and_then(Node::text).unwrap_or("")
    }
    pub(super) fn text(self) -> Located<String> {
        Located { value: self.word().trim().to_owned(), at: self.at() }
    }
    pub(super) fn number(self) -> Located<f64> {
        Located { value: self.node.and_then(Node::number).unwrap_or(0.0), at: self.at() }
    }
    fn flag(&self) -> bool {
        self.node.and_then(Node::flag).unwrap_or(false)
    }
    pub(super) fn named(&self) -> Named {
        let Some(Value::Map(entries)) = self.node.map(|node| &node.value) else { return Vec::new() };
        let name = |entry: &super::yaml::Entry| Located { value: entry.key.clone(), at: entry.at.clone() };
        entries.iter().map(|entry| (name(entry), entry.node.number().unwrap_or(0.0))).collect()
    }
}
