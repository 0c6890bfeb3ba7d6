//! A doubter alters a result by hand, and `verify` says where.

mod verify_fixture;

use bedalloc::domain::policy::Combination;
use bedalloc::domain::system::CareSystem;
use bedalloc::verify::report::Verification;
use bedalloc::verify::{VerifyError, check, inputs};
use verify_fixture::{system, text_of, times, write, write_file};

fn verified(system: &CareSystem, changes: &[(&str, &str, &str)]) -> Result<Verification, VerifyError> {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path());
    for (file, from, to) in changes {
        let path = folder.path().join(file);
        let text = if file.ends_with(".gz") {
            text_of(file)
        } else {
            std::fs::read_to_string(&path).expect("a file")
        };
        assert!(text.contains(from), "{file} has no {from}");
        write_file(folder.path(), file, &text.replacen(from, to, 1));
    }
    check(folder.path(), system, &times())
}

/// The checks that fail after changes of text in files.
fn failed(changes: &[(&str, &str, &str)]) -> Vec<String> {
    let found = verified(&system(), changes).expect("files that can be read");
    found.failed().into_iter().map(str::to_owned).collect()
}

/// The first failed check as it is printed.
fn said(changes: &[(&str, &str, &str)]) -> String {
    verified(&system(), changes).expect("files that can be read").to_string()
}

#[test]
fn the_plan_worked_out_by_hand_is_verified() {
    let found = verified(&system(), &[]).expect("files that can be read");
    assert!(found.ok(), "{found}");
    assert_eq!(found.checks.iter().filter(|check| check.name.starts_with("bound of")).count(), 5);
}

#[test]
fn a_bed_moved_breaks_capacity_and_the_tables() {
    let moved = [
        ("allocation.csv", "50,10,0,0,0,0,0,60", "50,9,0,0,0,0,0,59"),
        ("allocation.csv", "50,0,0,0,0,0,0,50", "50,1,0,0,0,0,0,51"),
    ];
    let failed = failed(&moved);
    assert!(failed.contains(&"bed capacity".to_owned()), "{failed:?}");
    assert!(failed.contains(&"regions.csv adds up".to_owned()), "{failed:?}");
    let said = said(&moved);
    assert!(said.contains("North Infirmary (H1), General Medicine: 48 occupied in 59 beds"), "{said}");
}

#[test]
fn a_bed_that_nobody_gave_breaks_the_pool() {
    let failed = failed(&[("allocation.csv", "50,10,0,0,0,0,0,60", "50,11,0,0,0,0,0,61")]);
    assert!(failed.contains(&"new-bed pool".to_owned()), "{failed:?}");
}

#[test]
fn a_flow_changed_breaks_the_demand_balance_of_its_area() {
    let changed = [("flows.csv.gz", "A1,H1,300,1,48,25", "A1,H1,300,1,47,25")];
    let (failed, said) = (failed(&changed), said(&changed));
    assert!(failed.contains(&"demand balance".to_owned()), "{failed:?}");
    assert!(failed.contains(&"allocation.csv adds up".to_owned()), "{failed:?}");
    assert!(said.contains("Northtown (A1), General Medicine"), "{said}");
}

#[test]
fn a_journey_shortened_by_hand_is_noticed() {
    let failed = failed(&[("flows.csv.gz", "10.666666667,30", "10.666666667,12")]);
    assert_eq!(failed, ["flows stay in reach"]);
}

#[test]
fn a_price_changed_breaks_the_bound_of_its_level_first() {
    for (level, row, price, altered) in [
        ("unmet", "unmet,BedCapacity,,H1,300,,,,,,,,1,,", "-1,", "-1.01,"),
        ("inequality_1", "inequality_1,UnmetCeiling,,,,,,,,,North,,1,,", "-0.66", "-0.67"),
        ("travel", "travel,NewBedPool,,,,,,,,,,,1,,", "-4,", "-4.1,"),
        ("cost", "cost,CouncilBudget,,,,,,,C1,,,,1,,", "1,", "1.1,"),
    ] {
        let (from, to) = (format!("{row}{price}"), format!("{row}{altered}"));
        let failed = failed(&[("prices.csv", &from, &to)]);
        assert_eq!(failed.first(), Some(&format!("bound of level {level}")), "{failed:?}");
    }
}

#[test]
fn a_price_on_a_side_without_limit_proves_nothing() {
    let failed = failed(&[(
        "prices.csv",
        "unmet,BedCapacity,,H1,300,,,,,,,,1,,-1,",
        "unmet,BedCapacity,,H1,300,,,,,,,,1,,1,",
    )]);
    assert!(failed.contains(&"bound of level unmet".to_owned()), "{failed:?}");
}

#[test]
fn totals_changed_are_noticed_where_they_stand() {
    for (file, from, to, name) in [
        ("areas.csv", ",40,25.9", ",39,25.9", "areas.csv adds up"),
        ("trusts.csv", "110,88", "110,87", "trusts.csv adds up"),
        ("commissioners.csv", ",60,0.4", ",59,0.4", "commissioners.csv adds up"),
        ("summary.json", r#""unmet_beds": 60"#, r#""unmet_beds": 59"#, "summary.json, national figures"),
        ("summary.json", r#""new_beds": 10, "need"#, r#""new_beds": 8, "need"#, "summary.json, regions"),
        ("summary.json", r#"{"value": 546.666666667"#, r#"{"value": 346.666666667"#, "objective terms"),
        ("summary.json", r#""unmet_as_to_nearest": 200"#, r#""unmet_as_to_nearest": 0"#, "objective terms"),
        ("social_care.csv", ",2,73000", ",3,73000", "social_care.csv adds up"),
    ] {
        assert_eq!(failed(&[(file, from, to)]), [name], "{file}: {from} changed to {to}");
    }
}

#[test]
fn what_specialties_are_said_to_leave_unmet_is_held_to_the_regions_and_to_todays_beds() {
    let changed = ("specialties.csv", ",60,48,100,", ",60,48,99,");
    assert_eq!(failed(&[changed]), ["specialties.csv adds up"]);
    let more_than_need = ("specialties.csv", "46.666666667", "146.666666667");
    assert_eq!(failed(&[more_than_need]), ["unmet before, by specialty"]);
    // Regions and nation altered to match: still more than is needed.
    let matched = [
        more_than_need,
        ("regions.csv", "46.666666667", "146.666666667"),
        ("summary.json", r#""unmet_beds_before": 70"#, r#""unmet_beds_before": 170"#),
    ];
    assert_eq!(failed(&matched), ["unmet before, by specialty"]);
    assert!(said(&matched).contains("General Medicine in North: from 0 to the need"), "{}", said(&matched));
    // The same: still less than what no bed of today can hold.
    let altered = [
        ("specialties.csv", "46.666666667", "40"),
        ("regions.csv", "46.666666667", "40"),
        ("summary.json", r#""unmet_beds_before": 70"#, r#""unmet_beds_before": 63.333333333"#),
    ];
    assert_eq!(failed(&altered[..1]), ["unmet before, by specialty"]);
    assert_eq!(failed(&altered), ["unmet before, by specialty"]);
    assert!(
        said(&altered).contains("General Medicine: need beyond every bed of today"),
        "{}",
        said(&altered)
    );
}

/// Either site's beds can be filled by either area, so 60 stay unmet wherever the ten new ones stand.
const CURVES: &str =
    "region,name,point,new_beds,england_unmet_beds,worst_unmet_share,own_unmet_least_beds,own_unmet_most_beds
North,North,end,0,60,0.4,40,40
North,North,plan,10,60,0.4,40,40
South,South,plan,0,60,0.4,20,20
South,South,bend,4,60,0.4,20,20
South,South,end,10,60,0.4,20,20
";

#[test]
fn a_value_curve_that_is_not_this_plans_or_better_than_the_proof_is_noticed() {
    let with = |curves: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path());
        write_file(folder.path(), "value_curves.csv", curves);
        check(folder.path(), &system(), &times()).expect("files that can be read")
    };
    let found = with(CURVES);
    assert!(found.ok() && found.checks.iter().any(|check| check.name == "value curves"), "{found}");
    for (from, to, said) in [
        ("plan,10,60", "plan,9,60", "North, 9 new beds: the plan gives 10"),
        ("plan,10,60", "plan,10,61", "unmet in the plan: the files say 61, recomputed 60"),
        ("end,10,60", "end,10,59", "South, 10 new beds: less is left unmet than can be"),
        ("bend,4,60", "bend,4,61", "South, 4 new beds: those that follow are worth more"),
        ("end,0,60,0.4,40,40", "end,0,60,0.4,40,101", "more of its own is left unmet than it needs"),
        ("end,0,60,0.4,40,40", "end,0,60,0.4,40,39", "the most of its own left unmet is less than the least"),
    ] {
        let found = with(&CURVES.replacen(from, to, 1));
        assert_eq!(found.failed(), ["value curves"], "{to}");
        assert!(found.to_string().contains(said), "{found}");
    }
}

#[test]
fn a_better_value_than_the_prices_prove_is_not_believed() {
    let failed = failed(&[(
        "summary.json",
        r#"{"name": "unmet", "value": 60, "bound": 60}"#,
        r#"{"name": "unmet", "value": 59, "bound": 59}"#,
    )]);
    assert_eq!(failed, ["bound of level unmet", "plan keeps every level"]);
}

#[test]
fn release_beyond_what_spend_buys_is_noticed() {
    let failed = failed(&[("release.csv", "5,2", "5,3")]);
    assert!(failed.contains(&"discharge".to_owned()), "{failed:?}");
    assert!(failed.contains(&"demand balance".to_owned()), "{failed:?}");
}

#[test]
fn money_beyond_the_fund_is_noticed() {
    let failed = failed(&[("social_care.csv", "1073000,2,73000", "1083000,2,83000")]);
    assert!(failed.contains(&"budgets and pooled fund".to_owned()), "{failed:?}");
}

#[test]
fn a_level_left_out_is_noticed() {
    let failed = failed(&[("summary.json", r#"{"name": "disruption", "value": 0, "bound": 0}, "#, "")]);
    assert!(failed.contains(&"levels in the model's order".to_owned()), "{failed:?}");
}

#[test]
fn a_hold_within_a_tolerance_fixes_nothing_and_lets_the_plan_give_way() {
    let mut system = system();
    let Combination::Priorities(levels) = &mut system.policy.objective.combination else {
        panic!("the model has priorities")
    };
    // Nothing limits beds and cost but the pool and the fund, so holding cost loosely changes nothing.
    levels[4].tolerance = 1000.0;
    let found = verified(&system, &[]).expect("files that can be read");
    assert!(found.ok(), "{found}");
}

#[test]
fn a_file_that_is_missing_or_malformed_is_told_with_its_line() {
    let bad = verified(&system(), &[("allocation.csv", "50,10,0,0,0,0,0,60", "50,ten,0,0,0,0,0,60")]);
    let said = bad.expect_err("no number").to_string();
    assert!(said.contains("allocation.csv:2") && said.contains("ten"), "{said}");
    let unknown = verified(&system(), &[("flows.csv.gz", "A2,H2", "A9,H2")]);
    assert!(unknown.expect_err("no such area").to_string().contains("A9"));
    let empty = tempfile::tempdir().expect("a folder");
    let missing = check(empty.path(), &system(), &times()).expect_err("nothing there");
    assert!(matches!(missing, VerifyError::Unreadable { .. }));
}

#[test]
fn a_changed_or_lost_input_is_named() {
    let home = tempfile::tempdir().expect("a folder");
    for folder in ["result", "models", "data"] {
        std::fs::create_dir(home.path().join(folder)).expect("a folder");
    }
    let (folder, data) = (home.path().join("result"), home.path().join("data"));
    let manifest = r#"{"model": "../models/county.yaml", "inputs": [{"path": "../data/need.csv",
        "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}]}"#;
    write_file(&folder, "manifest.json", manifest);
    let lost = inputs::check(&folder).expect("a manifest");
    assert!(!lost[0].ok && lost[0].place.contains("not there any more"));
    write_file(&data, "need.csv", "abc");
    assert!(inputs::check(&folder).expect("a manifest")[0].ok);
    write_file(&data, "need.csv", "abd");
    let changed = inputs::check(&folder).expect("a manifest");
    assert!(!changed[0].ok && changed[0].place.contains("need.csv has changed"));
}
