//! Map layers: the published outlines with our two property names, four decimals of a degree.

use super::raw::RawFolder;
use crate::import::ImportError;
use crate::import::tables::write_bytes;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Raw file, its code property, layer written.
const LAYERS: [(&str, &str, &str); 4] = [
    ("boundaries/region_9_derived.geojson", "region21_name", "regions"),
    ("boundaries/stp17_44_derived.geojson", "stp17_code", "commissioners"),
    ("boundaries/utla21_152_derived.geojson", "utla21_code", "councils"),
    ("boundaries/icb22_42.geojson", "icb22_code", "icbs"),
];

/// Writes `boundaries/*.geojson`, one feature a line, in order of code.
pub fn compile(raw: RawFolder<'_>, out: &Path) -> Result<(), ImportError> {
    for (file, code, layer) in LAYERS {
        let path = raw.path(file);
        let text = fs::read(&path).map_err(ImportError::reading(&path))?;
        let layer_file = out.join("boundaries").join(format!("{layer}.geojson"));
        write_bytes(&layer_file, rewrite(&path, &text, code)?.as_bytes())?;
    }
    Ok(())
}

fn rewrite(path: &Path, text: &[u8], code: &str) -> Result<String, ImportError> {
    let fault = |source| ImportError::Layer { path: path.to_owned(), source };
    let layer: Value = serde_json::from_slice(text).map_err(fault)?;
    let features = layer["features"].as_array().map_or(&[][..], Vec::as_slice);
    let mut lines = Vec::new();
    for (position, feature) in features.iter().enumerate() {
        let property = |name: &str| {
            feature["properties"][name].as_str().ok_or_else(|| ImportError::LayerProperty {
                path: path.to_owned(),
                feature: position + 1,
                property: name.to_owned(),
            })
        };
        let (code, name) = (property(code)?, property("name")?);
        let mut geometry = feature["geometry"].clone();
        round(&mut geometry);
        let properties = json!({"code": code, "name": name});
        let line = json!({"type": "Feature", "properties": properties, "geometry": geometry}).to_string();
        lines.push((code.to_owned(), line));
    }
    lines.sort();
    let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    Ok(format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", lines.join(",\n")))
}

fn round(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(round),
        Value::Object(members) => members.values_mut().for_each(round),
        Value::Number(number) => {
            if let Some(degrees) = number.as_f64() {
                *value = json!((degrees * 1e4).round() / 1e4);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_is_rounded_sorted_and_renamed() {
        let text = br#"{"features":[
            {"properties":{"k":"B","name":"Bee"},"geometry":{"type":"Polygon","coordinates":[[[1.23456,2]]]}},
            {"properties":{"k":"A","name":"Ay"},"geometry":null}]}"#;
        let layer = rewrite(Path::new("layer"), text, "k").expect("the layer is sound");
        let lines: Vec<&str> = layer.lines().collect();
        assert!(lines[1].contains(r#""code":"A""#));
        assert!(lines[2].contains("[[[1.2346,2.0]]]"));
    }

    #[test]
    fn a_feature_without_its_code_is_named() {
        let fault = rewrite(Path::new("l.geojson"), br#"{"features":[{"properties":{}}]}"#, "k").unwrap_err();
        assert!(matches!(fault, ImportError::LayerProperty { feature: 1, .. }));
    }
}
