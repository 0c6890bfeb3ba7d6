//! A model and the models it extends, as one tree; every value keeps the file and line that set it.

use super::InputFile;
use super::codes;
use super::csv::{LineFault, Lines};
use super::faults::Faults;
use super::location::{Location, Spot};
use super::yaml::{self, Entry, Node, Value};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Longest chain of `extends`.
const LONGEST_CHAIN: usize = 32;

/// Reads a model file and the chain it extends, and lays them over each other: mappings are merged
/// key by key, lists and scalars replaced, and a value of nothing (`key: ~`) takes the key away.
pub fn read(model: &Path, faults: &mut Faults, inputs: &mut Vec<InputFile>) -> Option<Node> {
    let mut chain: Vec<Node> = Vec::new();
    let mut seen: Vec<PathBuf> = Vec::new();
    let mut next = model.to_owned();
    let mut stated_at: Option<Location> = None;
    loop {
        let node = read_one(&next, stated_at.as_ref(), faults, inputs)?;
        seen.push(next.canonicalize().unwrap_or_else(|_| next.clone()));
        let extends = node.get("extends").cloned();
        chain.push(node);
        let Some(extends) = extends else { break };
        let Some(name) = extends.text() else {
            let cure = "write `extends: other.yaml`";
            faults.add(codes::WRONG_TYPE, extends.at.clone(), "`extends` must be the name of one file", cure);
            return None;
        };
        next = beside(&extends.at.file, name);
        let place = next.canonicalize().unwrap_or_else(|_| next.clone());
        if seen.contains(&place) || seen.len() >= LONGEST_CHAIN {
            let names: Vec<String> = seen.iter().chain([&place]).map(|p| file_name(p)).collect();
            let cause = format!("the models extend each other in a circle: {}", names.join(" -> "));
            faults.add(codes::EXTENDS_CYCLE, extends.at.clone(), cause, "take one `extends` out");
            return None;
        }
        stated_at = Some(extends.at.clone());
    }
    let base = chain.pop()?;
    Some(chain.into_iter().rev().fold(base, merge))
}

/// A path stated in a file is relative to that file.
pub fn beside(file: &str, stated: &str) -> PathBuf {
    Path::new(file).parent().unwrap_or(Path::new("")).join(stated)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn merge(base: Node, over: Node) -> Node {
    let Value::Map(over_entries) = over.value else { return over };
    let Value::Map(mut entries) = base.value else {
        return Node { value: Value::Map(over_entries), at: over.at };
    };
    for entry in over_entries {
        match entries.iter().position(|e| e.key == entry.key) {
            Some(position) => {
                let Entry { node, .. } = entries.remove(position);
                entries.insert(position, Entry { node: merge(node, entry.node), ..entry });
            }
            None => entries.push(entry),
        }
    }
    Node { value: Value::Map(entries), at: over.at }
}

/// Reads one file of YAML as a tree; what is wrong with it is told.
pub(super) fn read_one(
    path: &Path,
    stated_at: Option<&Location>,
    faults: &mut Faults,
    inputs: &mut Vec<InputFile>,
) -> Option<Node> {
    let file: Arc<str> = path.display().to_string().into();
    let text = match read_text(path, &file, faults, inputs) {
        Ok(text) => text?,
        Err(error) => {
            let at = stated_at.cloned().unwrap_or_else(|| Location::file(&file));
            let cause = format!("the model file `{file}` cannot be read: {error}");
            faults.add(codes::MODEL_UNREADABLE, at, cause, "look at the name and at the folder it is in");
            return None;
        }
    };
    yaml::read(&file, &text, faults)
}

/// The text of a model file; `Ok(None)` when it is no usable text (the fault is added).
fn read_text(
    path: &Path,
    file: &Arc<str>,
    faults: &mut Faults,
    inputs: &mut Vec<InputFile>,
) -> std::io::Result<Option<String>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(yaml::MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > yaml::MOST_BYTES {
        let cause = format!("longer than {} bytes", yaml::MOST_BYTES);
        faults.add(codes::YAML_LIMIT, Location::file(file), cause, "put what is long into the tables");
        return Ok(None);
    }
    inputs.push(InputFile { path: path.to_owned(), sha256: super::csv::sha256(&bytes) });
    if let Ok(text) = std::str::from_utf8(&bytes) {
        return Ok(Some(text.trim_start_matches('\u{feff}').to_owned()));
    }
    faults.add(codes::MODEL_NOT_UTF8, not_utf8_at(path, file), "not UTF-8 text", "save the file as UTF-8");
    Ok(None)
}

fn not_utf8_at(path: &Path, file: &Arc<str>) -> Location {
    let Ok(mut lines) = Lines::open(path) else { return Location::file(file) };
    loop {
        match lines.next_line() {
            Ok(Some(_)) => {}
            Err(LineFault::NotUtf8(position, _)) => {
                let spot = Spot::Character(u32::try_from(position + 1).unwrap_or(u32::MAX));
                return Location { file: file.clone(), line: lines.number(), spot };
            }
            _ => return Location::file(file),
        }
    }
}
