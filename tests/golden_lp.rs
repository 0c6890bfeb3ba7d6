//! One golden LP text for each family of constraints, variables and each objective term: a changed
//! coefficient shows as a readable difference. `UPDATE_GOLDEN=1 cargo test --test golden_lp` writes them.

mod sketch;

use bedalloc::domain::moves::{Choice, ReallocationScope};
use bedalloc::domain::policy::{Agreement, Level, Origin, Pin, Scope, Term};
use bedalloc::domain::system::CareSystem;
use bedalloc::domain::units::{Beds, Proportion};
use bedalloc::formulation::demand_points::DemandPoints;
use bedalloc::formulation::keys::{ConstraintKey, VariableKey};
use bedalloc::formulation::{Formulation, Parts, build};
use bedalloc::lp::{ColumnIx, LinearProgram, RowIx, Sense, write_lp};
use bedalloc::solution::program_json::{column_name, row_name};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A tiny system in which every family appears.
fn everything() -> (CareSystem, Formulation) {
    let mut sketch = sketch::two_regions();
    for council in ["C1", "C2"] {
        sketch.spend.push((council.into(), "children".into(), 20e6));
        sketch.spend.push((council.into(), "older_people".into(), 30e6));
        sketch.delays.push((council.into(), "300".into(), 8.0));
    }
    let policy = &mut sketch.policy;
    policy.growth_limit = Some(Proportion(0.25));
    policy.objective.most_deprived_weight = 1.4;
    policy.objective.combination = bedalloc::domain::policy::Combination::Priorities(
        Term::ALL
            .into_iter()
            .map(|term| Level { term, tolerance: if term == Term::Unmet { 0.5 } else { 0.0 } })
            .collect(),
    );
    policy.social_care = Some(sketch::social_care(500_000.0));
    let (system, _) = sketch.build();
    let origin = || Origin { file: "golden.yaml".into(), line: 1 };
    let north = system.regions.find("North").expect("a region of the sketch");
    let site = system.sites.find("S3").expect("a site of the sketch");
    sketch.policy.agreements.push(Agreement {
        scope: Scope::Region(north),
        min: Some(Beds(2.0)),
        max: Some(Beds(7.0)),
        origin: origin(),
    });
    sketch.policy.pins.push(Pin {
        site,
        specialty: None,
        beds: Beds(1.0),
        why: "agreed".into(),
        origin: origin(),
    });
    let (system, times) = sketch.build();
    let points = DemandPoints::of_areas(&system, &times);
    let formulation = build(&system, &points, Parts { travel: true, tie_break: true });
    (system, formulation)
}

/// The same sketch where beds move: within commissioners and, at each site, between specialties. One site's
/// beds of a specialty are protected. One site may close and another open, and a tenth of beds may close.
fn with_moves() -> (CareSystem, Formulation) {
    let mut sketch = sketch::two_regions();
    let policy = &mut sketch.policy;
    policy.reallocation = Some(sketch::reallocation(ReallocationScope::Commissioner, 0.05));
    policy.conversion = Some(sketch::conversion(0.1));
    policy.closure_limit = Some(Proportion(0.1));
    sketch.sites.push(sketch::site("S4", "South", &[("300", 0.0)]).of_size(20.0, 50.0));
    let (system, _) = sketch.build();
    sketch.policy.site_choices = vec![
        sketch::choice(&system, "S2", Choice::MayClose, 2e6),
        sketch::choice(&system, "S4", Choice::MayOpen, 3e6),
    ];
    sketch.policy.protected.push(sketch::protection(&system, "S1", Some("300")));
    let (system, times) = sketch.build();
    let points = DemandPoints::of_areas(&system, &times);
    let formulation = build(&system, &points, Parts { travel: true, tie_break: true });
    (system, formulation)
}

/// Whether a family appears in a program.
fn has(f: &Formulation, family: &str) -> bool {
    f.constraints().iter().any(|key| key.family() == family)
        || f.variables().iter().any(|key| key.family() == family)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/lp")
}

/// The rows of a family with the columns they use; columns keep their limits.
fn rows_of(f: &Formulation, family: &str) -> (LinearProgram, Vec<VariableKey>, Vec<ConstraintKey>) {
    let chosen: Vec<usize> =
        (0..f.constraints().len()).filter(|&row| f.constraints()[row].family() == family).collect();
    let used: BTreeSet<ColumnIx> =
        chosen.iter().flat_map(|&row| f.program().row(RowIx(row as u32)).map(|(column, _)| column)).collect();
    let mut program = LinearProgram::new(Sense::Minimise);
    let mut place = BTreeMap::new();
    for &column in &used {
        place.insert(column, program.add_column(0.0, f.program().column_bounds()[column.get()]));
    }
    for &row in &chosen {
        let terms: Vec<_> =
            f.program().row(RowIx(row as u32)).map(|(column, value)| (place[&column], value)).collect();
        program.add_row(f.program().row_bounds()[row], terms);
    }
    let variables = used.iter().map(|column| f.variables()[column.get()]).collect();
    (program, variables, chosen.iter().map(|&row| f.constraints()[row]).collect())
}

fn text(
    system: &CareSystem,
    program: &LinearProgram,
    variables: &[VariableKey],
    constraints: &[ConstraintKey],
) -> String {
    write_lp(program, &|column| column_name(system, variables[column.get()]), &|row| {
        row_name(system, constraints[row.get()])
    })
}

/// All golden texts: constraint families, variable families and objective terms, by file name. What beds
/// moved bring is written from a system of its own, so that the others show what holds without.
fn texts() -> BTreeMap<String, String> {
    let (plain, moves) = (everything(), with_moves());
    let one_of = |family: &str| if has(&plain.1, family) { &plain } else { &moves };
    let mut texts = BTreeMap::new();
    for family in ConstraintKey::FAMILIES {
        let (system, f) = one_of(family);
        texts.insert(format!("constraint_{family}.lp"), constraint_text(system, f, family));
    }
    let stock = constraint_text(&moves.0, &moves.1, "BedStock");
    texts.insert("constraint_BedStock_with_moves.lp".to_owned(), stock);
    for family in VariableKey::FAMILIES {
        let (system, f) = one_of(family);
        let mut program = LinearProgram::new(Sense::Minimise);
        let mut variables = Vec::new();
        for (position, key) in f.variables().iter().enumerate() {
            if key.family() == *family {
                let column = program.add_column(1.0, f.program().column_bounds()[position]);
                if f.program().integer()[position] {
                    program.set_integer(column);
                }
                variables.push(*key);
            }
        }
        texts.insert(format!("variable_{family}.lp"), text(system, &program, &variables, &[]));
    }
    for term in Term::ALL {
        texts.insert(format!("term_{}.lp", term.name()), term_text(&plain.0, &plain.1, term));
    }
    for term in [Term::Disruption, Term::Cost] {
        texts.insert(format!("term_{}_with_moves.lp", term.name()), term_text(&moves.0, &moves.1, term));
    }
    texts
}

fn constraint_text(system: &CareSystem, f: &Formulation, family: &str) -> String {
    let (program, variables, constraints) = rows_of(f, family);
    text(system, &program, &variables, &constraints)
}

fn term_text(system: &CareSystem, f: &Formulation, term: Term) -> String {
    let expression = f.term(term).expect("every term appears");
    let mut program = LinearProgram::new(Sense::Minimise);
    let mut variables = Vec::new();
    for &(column, value) in &expression.coefficients {
        program.add_column(value, f.program().column_bounds()[column.get()]);
        variables.push(f.variables()[column.get()]);
    }
    let text = text(system, &program, &variables, &[]);
    let constant = expression.constant * expression.scale;
    format!("\\ constant {constant}\n{text}")
}

#[test]
fn every_family_is_written_as_its_golden_text() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut differences = Vec::new();
    for (name, text) in texts() {
        let path = folder().join(&name);
        if update {
            std::fs::create_dir_all(folder()).expect("the golden folder can be made");
            std::fs::write(&path, &text).expect("a golden file can be written");
        } else if std::fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
            differences.push(format!("{name} is now:\n{text}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// A family without a row, a variable or a coefficient in its golden text is a family without a test.
#[test]
fn every_family_appears_in_the_system_of_the_golden_texts() {
    let (f, moves) = (everything().1, with_moves().1);
    let rows = f.constraints().iter().chain(moves.constraints()).map(|key| key.family());
    let columns = f.variables().iter().chain(moves.variables()).map(|key| key.family());
    let (rows, columns): (BTreeSet<&str>, BTreeSet<&str>) = (rows.collect(), columns.collect());
    assert_eq!(rows, ConstraintKey::FAMILIES.iter().copied().collect());
    assert_eq!(columns, VariableKey::FAMILIES.iter().copied().collect());
    for term in Term::ALL {
        assert!(f.term(term).is_some_and(|expression| !expression.coefficients.is_empty()), "{term:?}");
    }
}

/// Nothing is left in the golden folder that no family writes any more.
#[test]
fn no_golden_text_is_left_behind() {
    let written: BTreeSet<String> = texts().into_keys().collect();
    for entry in std::fs::read_dir(folder()).expect("the golden folder is there") {
        let name = entry.expect("a golden file").file_name().to_string_lossy().into_owned();
        assert!(written.contains(&name), "{name} belongs to no family");
    }
}
