//! The direction of dependencies, read from the `use` lines and compared with the table of stages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which stages a stage may use, bottom to top. `cli` may use everything.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("lp", &[]),
    ("input", &["domain"]),
    ("network", &["domain"]),
    ("import", &["domain", "network"]),
    ("formulation", &["domain", "network", "lp"]),
    ("solver", &["lp"]),
    ("solution", &["domain", "network", "lp", "formulation"]),
    ("pipeline", &["domain", "network", "lp", "formulation", "solver", "solution"]),
    ("insight", &["domain"]),
    ("report", &["domain", "network", "lp", "formulation", "solution", "pipeline", "insight"]),
    ("verify", &["domain", "input", "network"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a source folder is readable") {
        let path = entry.expect("a source file is readable").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Code lines of a file, without its tests and its comments.
fn code(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("a source file is UTF-8");
    text.lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(str::to_owned)
        .collect()
}

/// Every stage that a line names after `crate::`.
fn stages_named(line: &str) -> Vec<String> {
    line.match_indices("crate::")
        .map(|(at, found)| {
            line[at + found.len()..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
        })
        .collect()
}

#[test]
fn stages_use_only_the_stages_below_them() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        MAY_USE.iter().map(|(stage, below)| (*stage, below.iter().copied().collect())).collect();
    let mut faults = Vec::new();
    for (stage, below) in &allowed {
        for path in sources(&root().join(stage)) {
            for line in code(&path) {
                for used in stages_named(&line) {
                    let known = allowed.contains_key(used.as_str()) || used == "cli";
                    if known && used != *stage && !below.contains(used.as_str()) {
                        faults.push(format!("{}: {stage} uses {used}: {}", path.display(), line.trim()));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_stage_is_in_the_table() {
    let known: BTreeSet<&str> = MAY_USE.iter().map(|(stage, _)| *stage).chain(["cli"]).collect();
    for entry in fs::read_dir(root()).expect("the source folder is readable") {
        let path = entry.expect("an entry is readable").path();
        if path.is_dir() {
            let name = path.file_name().expect("a folder has a name").to_string_lossy().into_owned();
            assert!(known.contains(name.as_str()), "the stage {name} has no line in the table");
        }
    }
}

#[test]
fn only_the_command_line_prints_reads_the_clock_or_sets_exit_codes() {
    let words =
        ["println!", "eprintln!", "print!(", "eprint!(", "SystemTime", "Instant::now", "process::exit"];
    let mut faults = Vec::new();
    for path in sources(&root()) {
        if path.starts_with(root().join("cli")) || path.ends_with("main.rs") {
            continue;
        }
        for line in code(&path) {
            if words.iter().any(|word| line.contains(word)) {
                faults.push(format!("{}: {}", path.display(), line.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn unsafe_code_and_solver_types_stay_where_they_belong() {
    let mut faults = Vec::new();
    for path in sources(&root()) {
        let in_solver = path.starts_with(root().join("solver"));
        let is_ffi = path.ends_with("solver/highs_ffi.rs");
        for line in code(&path) {
            let uses_unsafe = line.contains("unsafe ") && !line.contains("unsafe_code");
            let names_solver = ["highs::", "highs_sys::", "good_lp::"].iter().any(|name| {
                line.contains(name) && !line.contains(&format!("::{name}")) && !line.contains("mod ")
            });
            if (uses_unsafe && !is_ffi) || (names_solver && !in_solver) {
                faults.push(format!("{}: {}", path.display(), line.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_one_file_names_the_yaml_crate() {
    for path in sources(&root()) {
        let names_it = code(&path).iter().any(|line| line.contains("serde_yaml"));
        assert!(!names_it || path.ends_with("input/yaml.rs"), "{} names the YAML crate", path.display());
    }
}
