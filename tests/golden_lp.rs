//! One golden LP text for each family of constraints, variables and each objective term: a changed
//! coefficient shows as a readable difference. `UPDATE_GOLDEN=1 cargo test --test golden_lp` writes them.

mod sketch;

use bedalloc::domain::measures::{MoneyLimit, RegionStaff};
use bedalloc::domain::moves::{Choice, ReallocationScope};
use bedalloc::domain::period::WorstTail;
use bedalloc::domain::policy::{Agreement, Level, Origin, Pin, Scope, Term};
use bedalloc::domain::system::{CareSystem, FlowShare};
use bedalloc::domain::units::{Beds, Nurses, Pounds, Proportion};
use bedalloc::formulation::demand_points::DemandPoints;
use bedalloc::formulation::keys::{ConstraintKey, Treated, VariableKey};
use bedalloc::formulation::{Formulation, Parts, build};
use bedalloc::lp::{ColumnIx, LinearProgram, RowIx, Sense, write_lp};
use bedalloc::solution::program_json::{column_name, row_name};
use sketch::measures;
use sketch::periods::waves_in_scenarios;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A tiny system in which every family appears.
fn everything() -> (CareSystem, Formulation) {
    let mut sketch = sketch::two_regions();
    sketch.add_social_care();
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
    let formulation = build(&system, &points, Parts { travel: true });
    (system, formulation)
}

/// Two waves in two scenarios of need each, where need answers to beds.
fn in_waves() -> (CareSystem, Formulation) {
    let mut sketch = sketch::two_regions();
    sketch.policy.objective.combination = bedalloc::domain::policy::Combination::Priorities(
        Term::ALL.into_iter().map(|term| Level { term, tolerance: 0.0 }).collect(),
    );
    sketch.policy.induced.elasticity = Proportion(0.2);
    sketch.policy.objective.worst_tail = Some(WorstTail { part: Proportion(0.5), weight: Proportion(0.9) });
    let (mut system, times) = sketch.build();
    system.periods = waves_in_scenarios(&[(1.04, 4.0), (1.1, 10.0)], &[(1.0, 0.75), (1.2, 0.25)]);
    let (area, site) = (system.areas.find("A1"), system.sites.find("S1"));
    let (area, site) = (area.expect("an area"), site.expect("a site"));
    system.flows = vec![FlowShare { area, site, specialty: None, share: Proportion(0.8) }];
    let points = DemandPoints::of_areas(&system, &times);
    let formulation = build(&system, &points, Parts { travel: true });
    (system, formulation)
}

/// The same with everything that can be done besides new acute beds, over two periods: families that
/// [`everything`] has too are written once more, as they look here.
fn besides_beds() -> (CareSystem, Formulation) {
    built(&wider_than_beds())
}

/// The same where beds close, a tenth at most, and only after other provision.
fn closures() -> (CareSystem, Formulation) {
    let mut wider = wider_than_beds();
    wider.sketch.policy.closure_limit = Some(Proportion(0.1));
    wider.sketch.policy.closure_precedence = true;
    built(&wider)
}

fn built(wider: &measures::Wider) -> (CareSystem, Formulation) {
    let (system, times) = wider.build();
    let points = DemandPoints::of_areas(&system, &times);
    let formulation = build(&system, &points, Parts { travel: true });
    (system, formulation)
}

fn wider_than_beds() -> measures::Wider {
    let mut wider = measures::besides_beds();
    let sketch = &mut wider.sketch;
    sketch.sites.push(sketch::site("S5", "South", &[]));
    sketch.areas[2].minutes.insert("S5".into(), 25.0);
    let policy = &mut sketch.policy;
    policy.bed_management = Some(measures::bed_management(0.15, Some(250_000.0)));
    policy.money.every = MoneyLimit { capital: Some(Pounds(2.5e6)), revenue: Some(Pounds(1.5e6)) };
    let (system, _) = sketch.build();
    let north = system.regions.find("North").expect("a region of the sketch");
    sketch.policy.staff.insert(north, RegionStaff { nurses: Nurses(230.0), per_bed: 1.1 });
    wider.community.push(measures::community("S5", 3.0, None));
    wider.periods = vec![1.0, 1.04];
    wider
}

/// The same sketch where beds move: within commissioners and, at each site, between specialties. One site's
/// beds of a specialty are protected. One site may close and another open, and a tenth of beds may close. Over
/// two waves, with limits on money.
fn with_moves() -> (CareSystem, Formulation) {
    let mut sketch = sketch::two_regions();
    let policy = &mut sketch.policy;
    policy.reallocation = Some(sketch::reallocation(ReallocationScope::Commissioner, 0.05));
    policy.conversion = Some(sketch::conversion(0.1));
    policy.money.every = MoneyLimit { capital: Some(Pounds(2.5e6)), revenue: Some(Pounds(1.5e6)) };
    policy.closure_limit = Some(Proportion(0.1));
    sketch.sites.push(sketch::site("S4", "South", &[("300", 0.0)]).of_size(20.0, 50.0));
    let (system, _) = sketch.build();
    sketch.policy.site_choices = vec![
        sketch::choice(&system, "S2", Choice::MayClose, 2e6),
        sketch::choice(&system, "S4", Choice::MayOpen, 3e6),
    ];
    sketch.policy.protected.push(sketch::protection(&system, "S1", Some("300")));
    let mut wider = measures::wider(sketch);
    wider.periods = vec![1.0, 1.04];
    let (system, times) = wider.build();
    let points = DemandPoints::of_areas(&system, &times);
    let formulation = build(&system, &points, Parts { travel: true });
    (system, formulation)
}

/// The systems of the golden texts by name; a family is written from the first in which it appears.
fn systems() -> [(&'static str, CareSystem, Formulation); 5] {
    let of = |name, (system, f)| (name, system, f);
    [
        of("", everything()),
        of("waves", in_waves()),
        of("besides_beds", besides_beds()),
        of("with_moves", with_moves()),
        of("closures", closures()),
    ]
}

/// Families and terms that are written once more from a further system, as they look there.
const ONCE_MORE: [(&str, &[&str], &[Term]); 3] = [
    ("waves", &["DemandBalance", "BedStock", "NewBedPool"], &[Term::Unmet, Term::Inequality, Term::Cost]),
    ("besides_beds", &["BedCapacity", "CouncilBudget", "DemandBalance", "PooledFund"], &[Term::Cost]),
    ("with_moves", &["BedStock", "CapitalLimit", "RevenueLimit"], &[Term::Disruption, Term::Cost]),
];

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

/// All golden texts: constraint families, variable families and objective terms, by file name.
fn texts() -> BTreeMap<String, String> {
    let systems = systems();
    let one_of = |family: &str| systems.iter().find(|(_, _, f)| has(f, family)).unwrap_or(&systems[0]);
    let mut texts = BTreeMap::new();
    for family in ConstraintKey::FAMILIES {
        let (_, system, f) = one_of(family);
        texts.insert(format!("constraint_{family}.lp"), constraint_text(system, f, family));
    }
    for family in VariableKey::FAMILIES {
        let (_, system, f) = one_of(family);
        texts.insert(format!("variable_{family}.lp"), variable_text(system, f, family));
    }
    for family in ["NewBeds", "BedsIn", "BedsOut", "ConvertedTo", "ConvertedFrom", "ClosedBeds"] {
        let (_, system, f) = one_of(family);
        let mut whole = f.clone();
        whole.set_whole_beds(system);
        texts.insert(format!("variable_{family}_whole.lp"), variable_text(system, &whole, family));
    }
    for term in Term::ALL {
        let (_, system, f) = &systems[0];
        texts.insert(format!("term_{}.lp", term.name()), term_text(system, f, term));
    }
    for (name, families, terms) in ONCE_MORE {
        let (_, system, f) =
            systems.iter().find(|(found, ..)| *found == name).expect("a system of that name");
        for family in families {
            let text = constraint_text(system, f, family);
            texts.insert(format!("constraint_{family}_{name}.lp"), text);
        }
        for term in terms {
            texts.insert(format!("term_{}_{name}.lp", term.name()), term_text(system, f, *term));
        }
    }
    texts
}

fn variable_text(system: &CareSystem, f: &Formulation, family: &str) -> String {
    let mut program = LinearProgram::new(Sense::Minimise);
    let mut variables = Vec::new();
    for (position, key) in f.variables().iter().enumerate() {
        if key.family() == family {
            let column = program.add_column(1.0, f.program().column_bounds()[position]);
            if f.program().integer()[position] {
                program.set_integer(column);
            }
            variables.push(*key);
        }
    }
    text(system, &program, &variables, &[])
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
    let systems = systems();
    let rows = systems.iter().flat_map(|(_, _, f)| f.constraints()).map(|key| key.family());
    let columns = systems.iter().flat_map(|(_, _, f)| f.variables()).map(|key| key.family());
    let (rows, columns): (BTreeSet<&str>, BTreeSet<&str>) = (rows.collect(), columns.collect());
    assert_eq!(rows, ConstraintKey::FAMILIES.iter().copied().collect());
    assert_eq!(columns, VariableKey::FAMILIES.iter().copied().collect());
    for term in Term::ALL {
        assert!(systems[0].2.term(term).is_some_and(|found| !found.coefficients.is_empty()), "{term:?}");
    }
}

#[test]
fn every_column_and_row_is_found_by_its_key_and_keeps_it() {
    for (_, _, f) in systems() {
        for (column, &key) in (0u32..).map(ColumnIx).zip(f.variables()) {
            assert_eq!((f.column(key), f.variable(column)), (Some(column), key));
        }
        for (row, &key) in (0u32..).map(RowIx).zip(f.constraints()) {
            assert_eq!(f.row(key), Some(row));
        }
        assert_eq!((f.variables().len(), f.constraints().len()), (f.program().columns(), f.program().rows()));
        let treated = |key: &&VariableKey| matches!(key, VariableKey::Treated(_));
        let others: Vec<_> = f.decisions().map(|(column, key)| (Some(column), key)).collect();
        assert_eq!(others.len() + f.variables().iter().filter(treated).count(), f.variables().len());
        assert!(others.iter().all(|&(column, key)| f.column(key) == column));
    }
}

#[test]
fn those_treated_of_a_point_are_found_all_at_once() {
    let (system, times) = sketch::two_regions().build();
    let points = DemandPoints::of_areas(&system, &times);
    let f = build(&system, &points, Parts::default());
    let period = system.periods.indices().next().expect("a period of the sketch");
    let mut found = 0;
    for point in points.iter() {
        let (area, specialty) = (point.area, point.specialty);
        assert_eq!(f.treated(point, period).count(), point.sites.len());
        for (reachable, column) in f.treated(point, period) {
            assert_eq!(f.column(Treated { area, site: reachable.site, specialty, period }), Some(column));
            found += 1;
        }
    }
    assert!(found > 1);
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
