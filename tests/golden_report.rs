//! Reports of a small hand-made result, byte for byte. `UPDATE_GOLDEN=1 cargo test --test golden_report`
//! writes the files in `tests/golden/report` anew: read their difference like code.

mod report_fixture;

use bedalloc::domain::moves::SharingSites;
use bedalloc::domain::policy::{EquityGroups, Term};
use bedalloc::domain::units::{OccupiedBeds, Proportion};
use bedalloc::formulation::keys::{
    BedsIn, BedsOut, ClosedBeds, ConstraintKey, ConvertedFrom, ConvertedTo, FreedBeds, GroupUnmetShare,
    MoneyMoved, NewBeds, OpenBeds, OpenSite, PooledMoney, ReleasedShare, RollOut, SpendStep, StepDownBeds,
    StepDownByCouncil, StepDownByNhs, Treated, Unmet, UnmetExcess, UnmetThreshold, VariableKey,
    WorstUnmetShare,
};
use bedalloc::lp::{BoundSide, Limit};
use bedalloc::pipeline::result::{RunResult, Status};
use bedalloc::report::manifest::{Circumstances, InputRecord, manifest};
use bedalloc::report::warnings::warnings;
use bedalloc::report::{Report, ReportFile, summary_json, text};
use bedalloc::solution::ConflictLine;
use bedalloc::solution::conflict::Colliding;
use bedalloc::solution::conflict_words::conflict_line_words;
use bedalloc::solution::program_json::{column_name, row_name};
use bedalloc::solution::words::{constraint_words, equity_group_words, variable_words};
use report_fixture::{ix, result, system};
use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

const RESOLVED: &str = "name: Two regions, one winter\n";

fn notes() -> Vec<String> {
    vec!["Prevention is off: there is no table programmes.csv.".to_owned()]
}

fn compare(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/report").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, found).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == found, "{name} differs from {}; it is now:\n{found}", path.display());
}

fn plain(file: &ReportFile) -> String {
    let mut text = String::new();
    if file.name.ends_with(".gz") {
        flate2::read::GzDecoder::new(&file.bytes[..]).read_to_string(&mut text).expect("compressed text");
    } else {
        text = String::from_utf8(file.bytes.clone()).expect("text");
    }
    text
}

#[test]
fn every_file_of_the_result_folder_is_as_agreed() {
    let (system, result, notes) = (system(), result(), notes());
    for file in Report::new(&system, &result, &notes).files(RESOLVED) {
        compare(file.name.trim_end_matches(".gz"), &plain(&file));
    }
}

#[test]
fn the_same_result_gives_the_same_bytes() {
    let (system, result, notes) = (system(), result(), notes());
    let once = Report::new(&system, &result, &notes).files(RESOLVED);
    assert_eq!(once, Report::new(&system, &result.clone(), &notes).files(RESOLVED));
    let mut shuffled = result.clone();
    shuffled.plan.flows.reverse();
    let other = Report::new(&system, &shuffled, &notes).files(RESOLVED);
    let flows = |files: &[ReportFile]| files.iter().find(|file| file.name == "flows.csv.gz").cloned();
    assert_eq!(flows(&once), flows(&other), "the order of flows in the plan does not reach the file");
}

#[test]
fn the_page_for_the_screen_is_as_agreed_and_fits_it() {
    let (system, result, notes) = (system(), result(), notes());
    let page = text::render(&Report::new(&system, &result, &notes), false);
    compare("summary.txt", &page);
    assert!(page.lines().count() <= 45, "{} lines", page.lines().count());
    let widest = page.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "{widest:?} columns");
}

#[test]
fn a_plan_that_was_stopped_says_so_first() {
    let (system, mut result) = (system(), result());
    result.status = Status::Stopped(Limit::Time);
    result.ranges = None;
    result.comparators.clear();
    let report = Report::new(&system, &result, &[]);
    compare("stopped.txt", &text::render(&report, true));
    let summary: serde_json::Value = serde_json::from_str(&summary_json::render(&report)).expect("JSON");
    assert_eq!(summary["status"], "time_limit");
    assert!(summary["regions"][0]["least_beds"].is_null() && summary["unmet_beds_before"].is_null());
}

#[test]
fn rules_that_do_as_well_as_the_plan_are_owned_up_to() {
    let says_so = |result: &RunResult| {
        let (system, notes) = (system(), notes());
        warnings(&Report::new(&system, result, &notes))
            .iter()
            .any(|warning| warning.contains("any of the simple rules"))
    };
    let mut result = result();
    assert!(!says_so(&result));
    let (unmet, worst) = (result.levels[0].value, result.levels[1].value);
    for rule in &mut result.comparators {
        rule.unmet = OccupiedBeds(unmet);
        rule.group_shares.values_mut().for_each(|share| *share = Proportion(worst));
    }
    assert!(says_so(&result));
    // One that leaves a group worse off does not do as well.
    result.comparators[1].group_shares.values_mut().for_each(|share| *share = Proportion(worst + 0.01));
    assert!(!says_so(&result));
}

#[test]
fn prices_read_back_bit_for_bit() {
    let (system, result) = (system(), result());
    let files = Report::new(&system, &result, &[]).files(RESOLVED);
    let file = files.iter().find(|file| file.name == "prices.csv").expect("a file");
    let mut reader = csv::Reader::from_reader(&file.bytes[..]);
    let column = reader.headers().expect("a header").iter().position(|name| name == "shadow_price");
    let read: Vec<u64> = reader
        .records()
        .map(|row| {
            row.expect("a row")[column.expect("the column")].parse::<f64>().expect("a number").to_bits()
        })
        .collect();
    let held: Vec<u64> =
        result.prices.iter().flat_map(|l| &l.prices).map(|(_, price)| price.to_bits()).collect();
    assert_eq!(read, held);
}

#[test]
fn the_manifest_holds_what_depends_on_the_machine_and_the_clock() {
    let (system, result) = (system(), result());
    let report = Report::new(&system, &result, &[]);
    let circumstances = Circumstances {
        version: "0.1.0".to_owned(),
        commit: Some("abc123".to_owned()),
        model: "../../models/two.yaml".to_owned(),
        inputs: vec![InputRecord { path: "two.yaml".to_owned(), sha256: "00ff".to_owned() }],
        options: vec![("threads".to_owned(), 2.into()), ("ranges".to_owned(), true.into())],
        machine: ("linux".to_owned(), "x86_64".to_owned(), 2),
        started: "2026-11-21T20:00:00Z".to_owned(),
        stages: vec![("read the model".to_owned(), 0.012_345)],
        seconds: 1.5,
    };
    let file = manifest(&report, &circumstances, &report.files(RESOLVED));
    compare("manifest.json", &plain(&file));
}

/// One key of each family. A new family makes the completeness test below fail until it is here.
fn one_of_each_constraint() -> Vec<ConstraintKey> {
    use ConstraintKey as K;
    let (area, site, specialty, period) = (ix(1), ix(0), ix(1), ix(0));
    let (council, service, group) = (ix(0), ix(1), ix(1));
    vec![
        K::DemandBalance { area, specialty, period },
        K::BedCapacity { site, specialty, period },
        K::BedStock { site, specialty, period },
        K::NewBedPool { period },
        K::Agreement { position: 0, period },
        K::Agreement { position: 1, period },
        K::Agreement { position: 2, period },
        K::Pin { position: 0, period },
        K::Pin { position: 1, period },
        K::SiteSize { site, period },
        K::Discharge { council, period },
        K::CouncilBudget { council, period },
        K::PooledFund { period },
        K::MoneyBalance { council, service, period },
        K::GroupUnmet { group, period },
        K::UnmetCeiling { group, period },
        K::ScenarioLoss { period },
        K::TermHold { term: Term::Cost },
        K::StepDownCapacity { site, period },
        K::StepDownShare { area, specialty, period },
        K::StepDownStock { site, period },
        K::StepDownPool { period },
        K::PreventionBudget { period },
        K::RollOutStep { programme: ix(0), commissioner: ix(0), period },
        K::FreedLimit { site, specialty, period },
        K::BedManagementBudget { period },
        K::CapitalLimit { period },
        K::RevenueLimit { period },
        K::NurseLimit { region: ix(0), period },
        K::Reallocation { sites: SharingSites::Commissioner(ix(0)), specialty, period },
        K::Reallocation { sites: SharingSites::Nation, specialty, period },
        K::ReallocationLimit { site, specialty, period },
        K::Conversion { site, specialty, period },
        K::ConversionLimit { site, specialty, period },
        K::ClosureLimit { site, specialty, period },
        K::ClosureStock { site, specialty, period },
        K::SmallestOpen { site, period },
        K::LargestOpen { site, period },
        K::StaysSo { site, period },
        K::ClosurePrecedence { commissioner: ix(0), period },
    ]
}

fn one_of_each_variable() -> Vec<VariableKey> {
    let (area, site, specialty, period) = (ix(1), ix(0), ix(1), ix(0));
    let (council, service, group, step) = (ix(0), ix(1), ix(1), 2);
    vec![
        Treated { area, site, specialty, period }.into(),
        Unmet { area, specialty, period }.into(),
        OpenBeds { site, specialty, period }.into(),
        NewBeds { site, specialty, period }.into(),
        SpendStep { council, service, step, period }.into(),
        PooledMoney { council, period }.into(),
        MoneyMoved { council, service, period }.into(),
        ReleasedShare { council, specialty, period }.into(),
        GroupUnmetShare { group, period }.into(),
        WorstUnmetShare { period }.into(),
        UnmetThreshold {}.into(),
        UnmetExcess { period }.into(),
        StepDownBeds { site, period }.into(),
        StepDownByNhs { site, period }.into(),
        StepDownByCouncil { site, period }.into(),
        RollOut { programme: ix(0), commissioner: ix(0), period }.into(),
        FreedBeds { site, specialty, period }.into(),
        BedsIn { site, specialty, period }.into(),
        BedsOut { site, specialty, period }.into(),
        ConvertedTo { site, specialty, period }.into(),
        ConvertedFrom { site, specialty, period }.into(),
        ClosedBeds { site, specialty, period }.into(),
        OpenSite { site, period }.into(),
    ]
}

#[test]
fn every_family_of_keys_has_words_and_a_name() {
    let system = system();
    let mut text = String::new();
    for key in one_of_each_constraint() {
        let _ = writeln!(text, "{}\n    {}", row_name(&system, key), constraint_words(&system, key));
    }
    for key in one_of_each_variable() {
        let _ = writeln!(text, "{}\n    {}", column_name(&system, key), variable_words(&system, key));
    }
    compare("words.txt", &text);
    let constraints: Vec<&str> = one_of_each_constraint().into_iter().map(ConstraintKey::family).collect();
    assert!(ConstraintKey::FAMILIES.iter().all(|family| constraints.contains(family)));
    let variables: Vec<&str> = one_of_each_variable().into_iter().map(VariableKey::family).collect();
    assert!(VariableKey::FAMILIES.iter().all(|family| variables.contains(family)));
}

#[test]
fn members_of_a_conflict_say_which_side_collides() {
    let system = system();
    let period = ix(0);
    let words = |member, side, limit| {
        conflict_line_words(&system, &ConflictLine { member, side, limit, origin: None })
    };
    let pool = Colliding::Constraint(ConstraintKey::NewBedPool { period });
    assert_eq!(words(pool, BoundSide::Upper, 2100.0), "national pool of new beds: at most 2100 beds");
    let floor = Colliding::Constraint(ConstraintKey::Agreement { position: 0, period });
    assert_eq!(words(floor, BoundSide::Lower, 2.0), "at least 2 new beds for North");
    let pin = Colliding::Constraint(ConstraintKey::Pin { position: 1, period });
    assert_eq!(words(pin, BoundSide::Upper, 5.0), "pin of 5 new beds at South Infirmary");
    let budget = Colliding::Constraint(ConstraintKey::CouncilBudget { council: ix(0), period });
    let paid = "budget of Northshire: -2.5 £ million a year when the floors of its services are paid";
    assert_eq!(words(budget, BoundSide::Upper, -2.500_000_000_1), paid);
    let nurses = Colliding::Constraint(ConstraintKey::NurseLimit { region: ix(0), period });
    assert_eq!(words(nurses, BoundSide::Upper, 90.0), "nurses in North: at most 90 nurses");
    let new = Colliding::Variable(NewBeds { site: ix(1), specialty: ix(1), period }.into());
    let none = "new beds of General Medicine at South Infirmary: at least 0 beds";
    assert_eq!(words(new, BoundSide::Lower, 0.0), none);
}

#[test]
fn equity_groups_are_named_whatever_they_are() {
    let mut system = system();
    assert_eq!(equity_group_words(&system, ix(1)), "South");
    system.policy.objective.equity_groups = EquityGroups::Commissioner;
    assert_eq!(equity_group_words(&system, ix(0)), "North Board");
    system.policy.objective.equity_groups = EquityGroups::DeprivationQuintile;
    assert_eq!(equity_group_words(&system, ix(0)), "deprivation fifth 1");
    assert_eq!(equity_group_words(&system, ix(5)), "deprivation unknown");
}
