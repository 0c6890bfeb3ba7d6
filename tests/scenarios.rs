//! The shipped scenarios: they load without a fault, solve and verify by district, and move the way theory says.
//!
//! Here they are solved for unmet need, and then as little change as leaves it there, which takes seconds for most; all aims are
//! reached by an ignored test (`cargo test --test scenarios -- --ignored`) and by `make scenarios`.

use bedalloc::input::{self, Overrides};
use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Models that are no scenarios of England.
const OTHERS: [&str; 3] = ["tutorial", "england-2019-districts", "england-2019-lsoa"];

/// How far figures of two plans may differ by rounding, in occupied beds.
const ROUNDING: f64 = 0.01;

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

fn scenarios() -> Vec<String> {
    let files = fs::read_dir(models()).expect("the folder of models is there").flatten();
    let name = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let yaml = files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|e| e == "yaml"));
    let mut names: Vec<String> = yaml.filter_map(name).filter(|n| !OTHERS.contains(&n.as_str())).collect();
    names.sort();
    names
}

fn by_district() -> Overrides {
    Overrides { areas: Some("district".to_owned()), ..Overrides::default() }
}

fn bedalloc(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_bedalloc")).args(arguments).output().expect("it starts");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&text).into_owned())
}

/// Solves a model by district and verifies the result; returns its summary.
fn solve_and_verify(model: &Path, folder: &Path) -> Value {
    let (model, result) = (model.display().to_string(), folder.display().to_string());
    let (code, said) = bedalloc(&["solve", &model, "--areas", "district", "--no-ranges", "-o", &result]);
    assert_eq!(code, Some(0), "{model}: {said}");
    let (code, said) = bedalloc(&["verify", &result]);
    assert_eq!(code, Some(0), "{model}: {said}");
    let summary = fs::read(folder.join("summary.json")).expect("a summary is written");
    serde_json::from_slice(&summary).expect("the summary is JSON")
}

/// The scenario with unmet need and as little change as possible as its only aims.
fn first_aims(name: &str, folder: &Path) -> PathBuf {
    let scenario = models().join(format!("{name}.yaml")).display().to_string();
    let path = folder.join(format!("{name}-first-aims.yaml"));
    let objective = "objective: {priorities: [unmet, disruption], leximin: false, tie_break: none}\n";
    fs::write(&path, format!("extends: {}\n{objective}", Value::String(scenario)))
        .expect("it can be written");
    path
}

#[test]
fn every_shipped_scenario_loads_without_a_fault_at_each_of_its_scales() {
    let names = scenarios();
    assert!(names.len() >= 15, "{names:?}");
    for name in names {
        let path = models().join(format!("{name}.yaml"));
        let shipped = input::load(&path).unwrap_or_else(|e| panic!("{name}\n{e}"));
        let districts = input::load_with(&path, &by_district()).unwrap_or_else(|e| panic!("{name}\n{e}"));
        assert_eq!(districts.system.areas.len(), 309, "{name}");
        assert!(districts.resolved.contains("areas: \"district\""), "{name}");
        assert!(shipped.notes.iter().all(|note| !note.text.is_empty()));
    }
}

#[test]
fn every_scenario_has_its_line_in_the_readme_and_in_the_docs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| fs::read_to_string(root.join(file)).expect("the page is there");
    let (readme, page, script) = (read("README.md"), read("docs/scenarios.md"), read("scripts/scenarios.sh"));
    for name in scenarios() {
        let (stem, ending) = name.rsplit_once('-').unwrap_or((&name, ""));
        let short = readme.contains(&format!("`{stem}-")) && readme.contains(&format!("`-{ending}`"))
            || readme.contains("`england-2019-cap-85`") && readme.contains(&format!("`-cap-{ending}`"));
        assert!(readme.contains(&format!("`{name}`")) || short, "README.md has no line on {name}");
        assert!(page.contains(&format!("`{name}`")), "docs/scenarios.md has no line on {name}");
        assert!(script.contains(&name), "scripts/scenarios.sh leaves {name} out");
    }
}

/// Two or three minutes on two cores, most of them for `croc-2018`; scenarios are solved side by side.
#[test]
fn scenarios_solve_verify_and_move_as_theory_says() {
    let folder = TempDir::new().expect("a folder for the test");
    let solved = scenarios().into_par_iter().map(|name| {
        let model = first_aims(&name, folder.path());
        let summary = solve_and_verify(&model, &folder.path().join(&name));
        assert_eq!(summary["status"], "optimal", "{name}");
        let unmet = summary["unmet_beds"].as_f64().expect("a number");
        (name, unmet)
    });
    let unmet: BTreeMap<String, f64> = solved.collect();
    // More room, more money and shorter stays never leave more unmet.
    let never_worse = [
        ("england-2019-cap-85", "england-2019"),
        ("england-2019-cap-90", "england-2019-cap-85"),
        ("england-2019-cap-92", "england-2019-cap-90"),
        ("england-2019", "social-care-protected"),
        ("social-care-protected", "no-social-care-effect"),
        ("child-protection-first", "no-social-care-effect"),
        ("bed-management", "england-2019"),
        ("hospital-groups", "england-2019-cap-92"),
        // Beds that bring forth need are worth less.
        ("england-2019", "behaviour-adapts-20"),
        ("behaviour-adapts-20", "behaviour-adapts-40"),
    ];
    for (better, worse) in never_worse {
        assert!(unmet[better] <= unmet[worse] + ROUNDING, "{better} {unmet:?}");
    }
}

#[test]
#[ignore = "reaches every aim of every scenario: some minutes; `make scenarios` does the same"]
fn every_scenario_reaches_all_its_aims_and_verifies() {
    let folder = TempDir::new().expect("a folder for the test");
    for name in scenarios() {
        let summary = solve_and_verify(&models().join(format!("{name}.yaml")), &folder.path().join(&name));
        assert_eq!(summary["status"], "optimal", "{name}");
    }
}

#[test]
fn the_model_by_lsoa_is_the_national_one() {
    let read = |name: &str| {
        let path = models().join(format!("{name}.yaml"));
        input::load_with(&path, &by_district()).unwrap_or_else(|e| panic!("{name}\n{e}")).system
    };
    let (by_msoa, by_lsoa) = (read("england-2019"), read("england-2019-lsoa"));
    assert_eq!(by_msoa.policy.reach.nearest_sites, None);
    assert_eq!(by_lsoa.policy.reach.nearest_sites, None);
    for specialty in by_lsoa.specialties.indices() {
        assert_eq!(by_lsoa.reach_limit(specialty), by_msoa.reach_limit(specialty));
    }
}
