//! Taken apart against whole: every shipped model by district, and the national model by small area, solved by
//! each method in one process. Compares the values of all levels and the seconds. Writes benches/methods.md and
//! benches/methods-msoa.md; `-- districts` and `-- msoa` make one of them, names of models only print.
//!
//! Ends with 1 if two methods do not agree to a millionth.

mod timed;

use bedalloc::pipeline::result::RunResult;
use bedalloc::solver::{Algorithm, Method};
use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use tempfile::TempDir;
use timed::{SHIPPED, Timed, Way, read, shipped, solve, variant, write_page};

/// How far two values of a level may differ, of the larger of 1 and the value.
const AGREE: f64 = 1e-6;

const APART: Way = Way { name: "apart", chosen: Some((Method::Decomposed, Algorithm::Choose)) };
const SIMPLEX: Way = Way { name: "whole, simplex", chosen: Some((Method::Whole, Algorithm::Simplex)) };
const INTERIOR: Way =
    Way { name: "whole, interior point", chosen: Some((Method::Whole, Algorithm::InteriorPoint)) };
const WHOLE: Way = Way { name: "whole", chosen: Some((Method::Whole, Algorithm::Choose)) };

const DISTRICTS: &str = "# Taken apart and whole, by district\n\n\
    Every shipped model by district with each method: *whole* is HiGHS with the whole program, *apart* is what\n\
    `docs/decomposition.md` tells, *as shipped* what the model file asks for (`auto` where it says nothing). Seconds are those of\n\
    the levels, from the built program to the last proof. *Differ* is the largest difference of a level's value from the\n\
    first way that has an answer, of the larger of 1 and the value; a millionth is allowed. *Stopped*: a solve took longer than two minutes.\n\n";

const SMALL_AREAS: &str = "# Taken apart and whole, by small area\n\n\
    England by small area (MSOA), unmet need and the worst-off regions, with the best that HiGHS can do from nothing. Seconds\n\
    and differences as in [methods.md](methods.md).\n\n";

fn main() -> ExitCode {
    let folder = TempDir::new().expect("there is room for a folder");
    let only: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted = |name: &str| only.is_empty() || only.iter().any(|one| one == name);
    let mut agree = true;
    let ways = [WHOLE, APART, SHIPPED];
    let mut page = DISTRICTS.to_owned() + &heading("model", &ways);
    for name in models().into_iter().filter(|name| wanted("districts") || wanted(name)) {
        agree &= compare(&mut page, &name, &shipped(&name), Some("district"), &ways);
    }
    if wanted("districts") {
        write_page("methods.md", "methods", &page);
    }
    if wanted("msoa") {
        let ways = [SIMPLEX, INTERIOR, SHIPPED];
        let mut page = SMALL_AREAS.to_owned() + &heading("sites in reach", &ways);
        for (case, reach) in [("eight nearest", "reach: {nearest_sites: 8}\n"), ("all", "")] {
            let settings = format!("{reach}objective: {{priorities: [unmet, inequality], tie_break: none}}");
            let model = variant(folder.path(), "england-2019", "msoa", &settings);
            agree &= compare(&mut page, case, &model, None, &ways);
        }
        write_page("methods-msoa.md", "methods", &page);
    }
    if agree { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn models() -> Vec<String> {
    let files =
        std::fs::read_dir(shipped("x").parent().expect("it is in a folder")).expect("models are shipped");
    let stem = |path: PathBuf| path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let mut names: Vec<String> = files.flatten().filter_map(|file| stem(file.path())).collect();
    names.retain(|name| name != "england-2019-districts" && name != "england-2019-lsoa");
    names.sort();
    names
}

fn heading(first: &str, ways: &[Way]) -> String {
    let names: Vec<String> = ways.iter().map(|way| format!("{}, s", way.name)).collect();
    let others: Vec<String> = ways[1..].iter().map(|way| format!("{}: differ", way.name)).collect();
    format!(
        "| {first} | levels | {} | {} |\n|---|---:|{}\n",
        names.join(" | "),
        others.join(" | "),
        "---:|".repeat(names.len() + others.len())
    )
}

/// One model with every way; tells whether all agree with the first that has an answer.
fn compare(
    page: &mut String,
    name: &str,
    model: &std::path::Path,
    areas: Option<&str>,
    ways: &[Way],
) -> bool {
    // The tutorial has its own areas.
    let areas = areas.filter(|_| name != "tutorial");
    let input = read(model, areas).unwrap_or_else(|words| panic!("{name}: {words}"));
    let all: Vec<Timed> = ways.iter().map(|way| solve(&input, *way)).collect();
    let seconds = |timed: &Timed| match &timed.result {
        Ok(_) => format!("{:.2}", timed.levels()),
        Err(words) => words.clone(),
    };
    let first = all.iter().position(|timed| timed.result.is_ok());
    let differences: Vec<Option<f64>> = (1..all.len())
        .map(|at| first.filter(|first| *first < at).and_then(|first| difference(&all[first], &all[at])))
        .collect();
    let levels = first.and_then(|at| all[at].result.as_ref().ok()).map_or(0, |result| result.levels.len());
    let row: Vec<String> = all.iter().map(seconds).collect();
    let differ: Vec<String> =
        differences.iter().map(|d| d.map_or(String::new(), |d| format!("{d:.0e}"))).collect();
    let row = format!("| {name} | {levels} | {} | {} |", row.join(" | "), differ.join(" | "));
    println!("{row}");
    writeln!(page, "{row}").expect("text grows");
    differences.iter().flatten().all(|d| *d <= AGREE)
}

/// The largest difference of a level's value, of the larger of 1 and the value; none where one has no answer.
fn difference(one: &Timed, other: &Timed) -> Option<f64> {
    let values = |timed: &Timed| -> Option<Vec<f64>> {
        let result: &RunResult = timed.result.as_ref().ok()?;
        Some(result.levels.iter().map(|level| level.value).collect())
    };
    let (one, other) = (values(one)?, values(other)?);
    assert_eq!(one.len(), other.len(), "both ways have the same levels");
    let apart = |(a, b): (&f64, &f64)| (a - b).abs() / a.abs().max(1.0);
    Some(one.iter().zip(&other).map(apart).fold(0.0, f64::max))
}
