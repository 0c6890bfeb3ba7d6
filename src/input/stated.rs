//! A model file as a flat list of settings, so that two models can be set side by side.

use super::extends;
use super::faults::Faults;
use super::yaml::{Node, Value};
use super::{InputErrors, paths};
use std::collections::BTreeMap;
use std::path::Path;

/// Every setting of a model with the files it extends, by its key path (`new_beds.total`, `pins[1].site`), each as
/// text; a list of plain values is one setting. Folders of tables are told as absolute paths, so that the same folder
/// reads the same from everywhere. Only what the file says: defaults are not filled in, which a result's `model.yaml`
/// does not need.
///
/// # Errors
/// When the file cannot be read or is no YAML.
pub fn stated(model: &Path) -> Result<BTreeMap<String, String>, InputErrors> {
    let mut faults = Faults::default();
    let tree = extends::read(model, &mut faults, &mut Vec::new());
    let Some(tree) = tree.filter(|_| faults.is_empty()) else { return Err(faults.into_errors()) };
    let mut found = BTreeMap::new();
    flatten(&tree, String::new(), &mut found);
    for key in ["data", "own_tables"] {
        if let Some(folder) = found.get_mut(key) {
            let path = paths::without_detours(&extends::beside(&tree.at.file, folder));
            let path = path.canonicalize().unwrap_or(path);
            *folder = path.display().to_string();
        }
    }
    Ok(found)
}

fn flatten(node: &Node, path: String, found: &mut BTreeMap<String, String>) {
    match &node.value {
        Value::Nothing => _ = found.insert(path, String::new()),
        Value::Scalar(scalar) => _ = found.insert(path, plain(&scalar.text, scalar.quoted)),
        Value::List(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(Node::text).collect();
            if let Some(texts) = texts {
                found.insert(path, texts.join(", "));
                return;
            }
            for (position, item) in items.iter().enumerate() {
                flatten(item, format!("{path}[{}]", position + 1), found);
            }
        }
        Value::Map(entries) => {
            for entry in entries {
                let key = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
                flatten(&entry.node, key, found);
            }
        }
    }
}

/// A number reads the same however it is written: `2_100` and `2100.0` are one.
fn plain(text: &str, quoted: bool) -> String {
    let number = || text.replace('_', "").parse::<f64>().ok().filter(|number| number.is_finite());
    if quoted { None } else { number() }.map_or_else(|| text.to_owned(), |number| number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_by_their_key_paths() {
        let folder = tempfile::tempdir().expect("a folder");
        let model = folder.path().join("model.yaml");
        let text = "new_beds: {total: 2_100, must_spend: true}\npins:\n  - {site: A1, beds: 3}\n\
                    objective:\n  priorities: [unmet, travel]\n";
        std::fs::write(&model, text).expect("a file");
        let found = stated(&model).expect("a model");
        let expected = [
            ("new_beds.must_spend", "true"),
            ("new_beds.total", "2100"),
            ("objective.priorities", "unmet, travel"),
            ("pins[1].beds", "3"),
            ("pins[1].site", "A1"),
        ];
        let told: Vec<(&str, &str)> =
            found.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(told, expected);
    }
}
