//! Map layers: `boundaries/*.geojson` of a data folder.
//!
//! Maps carry no figure, so a layer that cannot be read is left out with a word about it; it stops nothing.

use crate::domain::outline::{Outline, OutlineLayer};
use crate::domain::place::Place;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Layers larger than this are left out, bytes: no page for a browser could hold them.
const LARGEST: u64 = 20_000_000;

/// Reads the map layers of a data folder, in order of name; and what could not be read, in sentences.
pub fn read(data: &Path) -> (Vec<OutlineLayer>, Vec<String>) {
    let entries = fs::read_dir(data.join("boundaries")).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "geojson"));
    paths.sort();
    let (mut layers, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        match layer(&path) {
            Ok(outlines) => layers.push(OutlineLayer { name, outlines }),
            Err(cause) => {
                faults.push(format!("The map layer boundaries/{name}.geojson is left out: {cause}."));
            }
        }
    }
    (layers, faults)
}

fn layer(path: &Path) -> Result<Vec<Outline>, String> {
    let size = fs::metadata(path).map_err(|cause| cause.to_string())?.len();
    if size > LARGEST {
        return Err(format!("it has more than {} MB", LARGEST / 1_000_000));
    }
    let bytes = fs::read(path).map_err(|cause| cause.to_string())?;
    let layer: Value = serde_json::from_slice(&bytes).map_err(|cause| cause.to_string())?;
    let features = layer["features"].as_array().ok_or("it has no features")?;
    let mut outlines = features.iter().map(outline).collect::<Result<Vec<_>, _>>()?;
    outlines.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(outlines)
}

fn outline(feature: &Value) -> Result<Outline, String> {
    let text = |key: &str| feature["properties"][key].as_str().map(str::to_owned);
    let code = text("code").ok_or("a feature has no `code`")?;
    let geometry = &feature["geometry"];
    let coordinates = &geometry["coordinates"];
    let parts = match geometry["type"].as_str() {
        Some("Polygon") => vec![rings(coordinates)],
        Some("MultiPolygon") => list(coordinates).iter().map(rings).collect(),
        _ => return Err(format!("the feature {code} is no polygon")),
    };
    let parts =
        parts.into_iter().collect::<Result<Vec<_>, _>>().map_err(|cause| format!("{cause} in {code}"))?;
    Ok(Outline { name: text("name").unwrap_or_else(|| code.clone()), code, parts })
}

fn list(of: &Value) -> &[Value] {
    of.as_array().map_or(&[], Vec::as_slice)
}

fn rings(of: &Value) -> Result<Vec<Vec<Place>>, &'static str> {
    list(of).iter().map(|ring| list(ring).iter().map(point).collect()).collect()
}

/// A point in degrees; planar coordinates, a frequent mistake, are told apart by their size.
fn point(of: &Value) -> Result<Place, &'static str> {
    let number = |at: usize| of.get(at).and_then(Value::as_f64);
    match (number(0), number(1)) {
        (Some(longitude), Some(latitude)) if longitude.abs() <= 180.0 && latitude.abs() <= 90.0 => {
            Ok(Place { longitude, latitude })
        }
        _ => Err("a point is not in degrees of longitude and latitude"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(text: &str) -> tempfile::TempDir {
        let home = tempfile::tempdir().expect("a folder");
        fs::create_dir(home.path().join("boundaries")).expect("a folder");
        fs::write(home.path().join("boundaries/regions.geojson"), text).expect("a file");
        home
    }

    #[test]
    fn layers_are_read_with_their_parts_and_holes() {
        let home = folder(
            r#"{"features": [{"properties": {"code": "B", "name": "Beta"}, "geometry": {"type": "MultiPolygon",
            "coordinates": [[[[0, 50], [1, 50], [1, 51], [0, 50]], [[0.2, 50.1], [0.3, 50.1], [0.2, 50.1]]]]}},
            {"properties": {"code": "A"}, "geometry": {"type": "Polygon", "coordinates": [[[0, 52], [0, 52]]]}}]}"#,
        );
        let (layers, faults) = read(home.path());
        assert!(faults.is_empty(), "{faults:?}");
        assert_eq!(layers[0].name, "regions");
        let told: Vec<_> = layers[0].outlines.iter().map(|o| (o.code.as_str(), o.name.as_str())).collect();
        assert_eq!(told, [("A", "A"), ("B", "Beta")]);
        assert_eq!(layers[0].outlines[1].parts[0].len(), 2, "one outer line and one hole");
        assert_eq!(layers[0].outlines[1].parts[0][1][0], Place { longitude: 0.2, latitude: 50.1 });
    }
    #[test]
    fn broken_layers_are_left_out_with_a_word_about_it_and_stop_nothing() {
        for (text, word) in [
            ("{", "EOF"),
            ("{}", "no features"),
            (r#"{"features": [{"properties": {}}]}"#, "no `code`"),
            (r#"{"features": [{"properties": {"code": "A"}, "geometry": {"type": "Point"}}]}"#, "no polygon"),
            (
                r#"{"features": [{"properties": {"code": "A"}, "geometry": {"type": "Polygon",
                "coordinates": [[[450000, 210000]]]}}]}"#,
                "degrees",
            ),
        ] {
            let (layers, faults) = read(folder(text).path());
            assert!(layers.is_empty() && faults.len() == 1 && faults[0].contains(word), "{text}: {faults:?}");
        }
        let nothing = tempfile::tempdir().expect("a folder");
        assert_eq!(read(nothing.path()), (Vec::new(), Vec::new()));
    }
}
