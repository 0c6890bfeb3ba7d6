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

/// Input files that are not the same in all results, by the hashes of the manifests.
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
    let mut changes = Vec::new();
    for (path, mut sha256) in hashes {
        sha256.resize(files.len(), None);
        if sha256.iter().any(|hash| *hash != sha256[0]) {
            changes.push(InputChange { path, sha256 });
        }
    }
    Ok(changes)
}
