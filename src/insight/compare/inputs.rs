//! What was put in differently.

use super::{Compared, InputChange, SettingChange};
use crate::insight::error::InsightError;
use crate::insight::files::Files;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Settings that are not the same in all resolved models, in order of key path. Names are told with the results.
pub fn settings(results: &[Compared]) -> Vec<SettingChange> {
    let keys: BTreeSet<&String> = results.iter().flat_map(|result| result.settings.keys()).collect();
    let keys = keys.into_iter().filter(|key| *key != "name");
    let told = keys.map(|key| SettingChange {
        key: key.clone(),
        values: results.iter().map(|result| result.settings.get(key).cloned()).collect(),
    });
    told.filter(|change| change.values.iter().any(|value| *value != change.values[0])).collect()
}

/// Input files that are not the same in all results, by the hashes of the manifests. What has the same contents is the
/// same, wherever the results that read it lie.
pub fn inputs(files: &[Files]) -> Result<Vec<InputChange>, InsightError> {
    let mut hashes: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
    for (position, files) in files.iter().enumerate() {
        let manifest = files.json("manifest.json")?;
        let list = manifest.get("inputs").and_then(Value::as_array);
        for input in list.into_iter().flatten() {
            let text = |key: &str| input.get(key).and_then(Value::as_str).map(str::to_owned);
            let (Some(path), Some(hash)) = (text("path"), text("sha256")) else { continue };
            let of_path = hashes.entry(path).or_default();
            of_path.resize(position, None);
            of_path.push(Some(hash));
        }
    }
    let read_by = |position: usize| -> BTreeSet<String> {
        hashes.values().filter_map(|of_path| of_path.get(position)?.clone()).collect()
    };
    let mut everywhere = read_by(0);
    for position in 1..files.len() {
        everywhere = everywhere.intersection(&read_by(position)).cloned().collect();
    }
    let mut changes = Vec::new();
    for (path, mut sha256) in hashes {
        sha256.resize(files.len(), None);
        if sha256.iter().flatten().all(|hash| everywhere.contains(hash)) {
            continue;
        }
        if sha256.iter().any(|hash| *hash != sha256[0]) {
            changes.push(InputChange { path, sha256 });
        }
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(inputs: &[(&str, &str)]) -> Files {
        let inputs: Vec<Value> =
            inputs.iter().map(|(path, hash)| serde_json::json!({"path": path, "sha256": hash})).collect();
        let manifest = serde_json::json!({ "inputs": inputs }).to_string().into_bytes();
        Files::held("result".as_ref(), [("manifest.json".to_owned(), manifest)].into())
    }

    #[test]
    fn a_table_read_from_another_place_is_no_change() {
        let here = result(&[("../data/beds.csv", "b1"), ("../data/need.csv", "n1"), ("model.yaml", "m1")]);
        let there = result(&[("data/beds.csv", "b1"), ("data/need.csv", "n2"), ("model.yaml", "m2")]);
        let changes = inputs(&[here, there]).expect("both have a manifest");
        let told: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!(told, ["../data/need.csv", "data/need.csv", "model.yaml"]);
    }
}
