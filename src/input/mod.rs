//! Files to a checked care system; every fault found in one go.
//!
//! [`load`] reads a model file, the files it extends and the tables of its data folder. It
//! returns either a [`CareSystem`] on which every later stage can rely, or all the faults it found.
//!
//! Read in this order: [`yaml`] and [`extends`] (text to one tree), [`defaults`] and [`shape`] (what a
//! model may say), [`model_file`] (what it says), [`table`] and [`read`] (the tables),
//! [`policy`] and [`assemble`] (names become positions), [`checks`] (what must hold across the whole).

pub mod about;
pub mod assemble;
pub mod checks;
pub mod codes;
pub mod csv;
pub mod defaults;
pub mod error;
pub mod expected;
pub mod extends;
pub mod faults;
pub mod header;
pub mod justifications;
pub mod location;
pub mod measure_settings;
pub mod measures;
pub mod model_file;
pub mod on_demand;
pub mod origins;
pub mod outlines;
pub mod paths;
pub mod periods;
pub mod policy;
pub mod read;
pub mod row;
pub mod schema;
pub mod shape;
pub mod solver_settings;
pub mod stated;
pub mod table;
pub mod tables;
pub mod yaml;

use crate::domain::system::CareSystem;
use faults::Faults;
use location::Location;
use model_file::ModelFile;
use std::path::{Path, PathBuf};
use table::{DataFolder, Reading};
use yaml::{Node, Scalar, Value};

pub use error::{InputError, InputErrors};
pub use solver_settings::{Algorithm, Method, SolverSettings};

/// What [`load`] returns.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The checked care system.
    pub system: CareSystem,
    /// How the model asks to be solved.
    pub solver: SolverSettings,
    /// The model file with every default spelt out and the data folder as an absolute path; can itself
    /// be loaded.
    pub resolved: String,
    /// What the reader should know: parts that are off, and why.
    pub notes: Vec<Note>,
    /// Every file read, by path.
    pub inputs: Vec<InputFile>,
    /// The data folder.
    pub data: PathBuf,
    /// The model's own folder of tables, which goes before the data folder, where it has one.
    pub own_tables: Option<PathBuf>,
    /// The file that says why places differ from the national standards, where there is one.
    pub justifications: Option<PathBuf>,
}

/// Something the reader should know that is no fault.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Note {
    /// The code, for example `N01`: see `docs/errors.md`.
    pub code: codes::Code,
    /// In plain words.
    pub text: String,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct InputFile {
    /// Where it is.
    pub path: PathBuf,
    /// SHA-256 of its bytes, in lower-case hexadecimal digits.
    pub sha256: String,
}

/// What the caller sets in place of what the model file says; recorded in the resolved model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The folder of area tables: the key `areas`.
    pub areas: Option<String>,
    /// Whether demands that cannot all be met are faults of the file.
    pub demands: Demands,
}

/// What becomes of demands that cannot all be met, such as floors above the pool.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Demands {
    /// Those that sums alone can tell are told as faults.
    #[default]
    Checked,
    /// They are let through, for somebody who finds out which of them collide and what would make them fit.
    Judged,
}

/// Reads and checks a model with everything it refers to, as [`load_with`] does without overrides.
pub fn load(model: &Path) -> Result<Loaded, InputErrors> {
    load_with(model, &Overrides::default())
}

/// Reads and checks a model with everything it refers to.
///
/// Every fault that can be found is found in one go; nothing panics and memory stays bounded whatever
/// the files hold. O(n log n) in the rows of the tables.
pub fn load_with(model: &Path, overrides: &Overrides) -> Result<Loaded, InputErrors> {
    let mut faults = Faults::default();
    let mut inputs = Vec::new();
    let Some(mut tree) = extends::read(model, &mut faults, &mut inputs) else {
        return Err(faults.into_errors());
    };
    overrides.apply(model, &mut tree);
    checks::model::check_combination(&tree, &mut faults);
    shape::check(&mut tree, &mut faults);
    shape::fill_in(&mut tree);
    let settings = ModelFile::read(&tree);
    checks::model::check(&settings, &mut faults);
    let Some(folder) = data_folder(&settings, &mut faults) else { return Err(faults.into_errors()) };
    let (root, own) = (folder.root.clone(), folder.own.clone());
    let mut reading = Reading { folder, faults, notes: Vec::new(), inputs };
    let Some(tables) = read::read(&settings, &mut reading) else { return Err(reading.faults.into_errors()) };
    let mut system = assemble::assemble(&settings, &tables, &mut reading);
    let justified = read_justifications(model, &tree, &mut system, &mut reading);
    checks::check(&system, &settings, &tables, &mut reading, overrides.demands);
    if !reading.faults.is_empty() {
        return Err(reading.faults.into_errors());
    }
    for text in &settings.notes {
        reading.note(codes::NOTE_OF_MODEL, text.clone());
    }
    reading.notes.sort_by_key(|note| note.code);
    reading.inputs.sort();
    reading.inputs.dedup();
    Ok(Loaded {
        system,
        solver: settings.solver,
        resolved: resolve(tree, &root, own.as_deref(), justified.as_deref()),
        justifications: justified,
        notes: reading.notes,
        inputs: reading.inputs,
        data: root,
        own_tables: own,
    })
}

/// Reads the justifications beside a model into its system; returns where they stand.
fn read_justifications(
    model: &Path,
    tree: &Node,
    system: &mut CareSystem,
    reading: &mut Reading,
) -> Option<PathBuf> {
    let node = tree.get("justifications");
    let named = node.and_then(|node| Some((node.text()?, &node.at)));
    let found = justifications::read(model, named, &mut reading.faults, &mut reading.inputs)?;
    if !reading.faults.structural() {
        justifications::apply(&found, system, &mut reading.faults);
    }
    Some(found.path)
}

/// The folders of the tables; `None` when the data folder does not exist (the fault is told).
fn data_folder(model: &ModelFile, faults: &mut Faults) -> Option<DataFolder> {
    if model.data.value.is_empty() {
        return None; // Told as a missing key.
    }
    let root = paths::without_detours(&extends::beside(&model.data.at.file, &model.data.value));
    if !root.is_dir() {
        let cause = format!("the data folder `{}` does not exist", root.display());
        let cure = format!("`data` is relative to the file that states it, `{}`", model.data.at.file);
        faults.add(codes::NO_DATA_FOLDER, model.data.at.clone(), cause, cure);
        return None;
    }
    let areas = model.areas.as_ref().map(|areas| root.join(&areas.value));
    if let (Some(areas), Some(folder)) = (&model.areas, &areas)
        && !folder.is_dir()
    {
        let cause = format!("the data folder has no folder `{}` of area tables", areas.value);
        let cure = on_demand::command_for(&root, &areas.value).map_or_else(
            || faults::suggest(&areas.value, folders_of(&root).iter().map(String::as_str)),
            |command| format!("it is made on demand: run `{command}`"),
        );
        faults.add(codes::NO_DATA_FOLDER, areas.at.clone(), cause, cure);
        return None;
    }
    let own = model.own_tables.as_ref().map(|own| {
        let folder = paths::without_detours(&extends::beside(&own.at.file, &own.value));
        if !folder.is_dir() {
            let cause = format!("the folder of the model's own tables `{}` does not exist", folder.display());
            let cure = format!("`own_tables` is relative to the file that states it, `{}`", own.at.file);
            faults.add(codes::NO_DATA_FOLDER, own.at.clone(), cause, cure);
        }
        folder
    });
    Some(DataFolder { root, own, areas })
}

impl Overrides {
    /// Puts what is set into the tree of a model.
    fn apply(&self, model: &Path, tree: &mut Node) {
        let (Some(areas), Value::Map(entries)) = (&self.areas, &mut tree.value) else { return };
        let at = Location::file(&table::display(model));
        let scalar = Scalar { text: areas.clone(), quoted: true };
        let node = Node { value: Value::Scalar(scalar), at: at.clone() };
        entries.retain(|entry| entry.key != "areas");
        entries.push(yaml::Entry { key: "areas".to_owned(), at, node });
    }
}

fn folders_of(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten().take(1000);
    let folders = entries.filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders.map(|f| f.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The tree as a model file that stands alone.
fn resolve(mut tree: Node, data: &Path, own: Option<&Path>, justified: Option<&Path>) -> String {
    let at = Location::file(&tree.at.file);
    if let Value::Map(entries) = &mut tree.value {
        entries.retain(|entry| entry.key != "extends" && entry.key != "justifications");
        if justified.is_some() {
            let scalar = Scalar { text: String::new(), quoted: true };
            let node = Node { value: Value::Scalar(scalar), at: at.clone() };
            entries.push(yaml::Entry { key: "justifications".to_owned(), at: at.clone(), node });
        }
        for (key, folder) in [("data", Some(data)), ("own_tables", own), ("justifications", justified)] {
            let Some(folder) = folder else { continue };
            let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
            if let Some(entry) = entries.iter_mut().find(|entry| entry.key == key) {
                let scalar = Scalar { text: folder.display().to_string(), quoted: true };
                entry.node = Node { value: Value::Scalar(scalar), at: at.clone() };
            }
        }
    }
    format!("# The model as resolved: every default spelt out.\n{}", shape::to_yaml(&tree))
}

impl Loaded {
    /// The resolved model for a file in a folder, which need not exist yet: folders of tables are stated as the
    /// way from there, so that the file can be loaded wherever they are moved together.
    pub fn resolved_in(&self, folder: &Path) -> String {
        let relative = |line: &str| {
            if line.starts_with("justifications: ") {
                // A copy stands beside the model.
                return Some(format!("justifications: {}", justifications::NAME));
            }
            let (key, stated) =
                line.split_once(": ").filter(|(key, _)| ["data", "own_tables"].contains(key))?;
            let tables: String = serde_json::from_str(stated).ok()?;
            Some(format!("{key}: {}", serde_json::Value::String(paths::way(folder, Path::new(&tables)))))
        };
        self.resolved.lines().map(|line| relative(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
    }
}

/// A number as a person would write it.
pub(crate) fn tidy(number: f64) -> String {
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
