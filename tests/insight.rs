//! Explanations and comparisons: every figure is one of the files', the parts add up, and names are found.

mod insight_trace;
mod program;

use bedalloc::input;
use bedalloc::insight::figure::{Piece, Sentence, Source};
use bedalloc::insight::place::Asked;
use bedalloc::insight::{Explanation, explain};
use insight_trace::{Folder, Record, number, records};
use program::output_of;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

/// Adds to the tutorial what its data do not have: expected need.
const EXPECTED: [(&str, [f64; 3]); 6] = [
    ("A1", [38.0, 120.0, 66.0]),
    ("A2", [20.0, 55.0, 41.0]),
    ("A3", [10.0, 33.0, 28.0]),
    ("A4", [6.0, 22.0, 15.0]),
    ("A5", [33.0, 118.0, 70.0]),
    ("A6", [20.0, 60.0, 38.0]),
];

/// The tutorial with expected need, a floor that binds and a pin, solved once; and the same in waves and scenarios,
/// and with a higher cap.
fn solved() -> &'static Path {
    static SOLVED: OnceLock<tempfile::TempDir> = OnceLock::new();
    let home = SOLVED.get_or_init(|| {
        let home = tempfile::tempdir().expect("a folder");
        let done = |arguments: &[&str]| {
            let output = output_of(arguments, home.path());
            assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        };
        done(&["new", "."]);
        let mut table = "area,specialty,occupied_beds\n".to_owned();
        for (area, beds) in EXPECTED {
            for (specialty, beds) in ["110", "300", "430"].into_iter().zip(beds) {
                let _ = writeln!(table, "{area},{specialty},{beds}");
            }
        }
        fs::write(home.path().join("data/tutorial/need_expected.csv"), table).expect("a file");
        let models = [
            ("plain", "extends: tutorial.yaml\n"),
            ("cap", "extends: tutorial.yaml\noccupancy: {cap: 0.9}\n"),
            (
                "agreed",
                "extends: tutorial.yaml\nregions:\n  Westmarch Coast: {min: 30}\n\
                 pins:\n  - {site: FEL01, specialty: \"300\", beds: 2, why: agreed}\n",
            ),
            (
                "waves",
                "extends: tutorial.yaml\ngrowth: 0.01\nwaves:\n  - {name: first, years: 1, new_beds: 10}\n  \
                 - {name: second, years: 3, new_beds: 30}\nscenarios:\n  - {name: mild, probability: 0.7, need: 1}\n  \
                 - {name: hard, probability: 0.3, need: 1.05}\n",
            ),
        ];
        for (name, model) in models {
            fs::write(home.path().join(format!("models/{name}.yaml")), model).expect("a file");
            done(&["solve", &format!("models/{name}.yaml"), "-o", &format!("results/{name}")]);
        }
        home
    });
    home.path()
}

fn folder(result: &str) -> Folder {
    Folder { result: solved().join("results").join(result), data: solved().join("data/tutorial") }
}

fn explained(result: &str, asked: &Asked) -> Explanation {
    let folder = folder(result);
    let model = folder.result.join("model.yaml");
    let system = input::load(&model).expect("a model").system;
    let expected = input::expected::expected_need(&model).expect("expected need");
    explain(&folder.result, &system, Some(&expected), asked).expect("an explanation")
}

/// One of each kind.
fn places() -> Vec<Asked> {
    vec![
        Asked::Nation,
        Asked::Region("Westmarch Coast".into()),
        Asked::Region("Westmarch Hills".into()),
        Asked::Commissioner("WM".into()),
        Asked::Trust("ALD".into()),
        Asked::Site("COA01".into()),
        Asked::Area("A5".into()),
        Asked::Area("Fellside".into()),
        Asked::Specialty("Elderly medicine".into()),
    ]
}

fn sentences(found: &Explanation) -> Vec<&Sentence> {
    let mut all: Vec<&Sentence> = found.got.iter().collect();
    all.extend(found.gap.iter().flat_map(|gap| gap.parts.iter().map(|part| &part.told).chain([&gap.told])));
    all.extend(found.binds.told.iter().map(|told| &told.told));
    all.extend(found.served.iter().flat_map(|s| s.now.iter().chain(&s.after).chain(&s.better)));
    all
}

#[test]
fn every_figure_of_every_sentence_is_a_value_of_the_files() {
    for result in ["plain", "agreed", "waves"] {
        let folder = folder(result);
        for asked in places() {
            let found = explained(result, &asked);
            let mut figures = 0;
            for sentence in sentences(&found) {
                for figure in sentence.figures() {
                    assert_eq!(figure.text, figure.shown.text(figure.value), "{}", sentence.text());
                    if let Source::Part { .. } = figure.source {
                        continue; // Recomputed in the next test.
                    }
                    let source = serde_json::to_value(&figure.source).expect("JSON");
                    let looked_up = folder.value(&source);
                    let near = (looked_up - figure.value).abs() <= 1e-9 * looked_up.abs().max(1.0);
                    assert!(near, "{}: {} is {looked_up}", sentence.text(), figure.value);
                    figures += 1;
                }
            }
            assert!(figures >= 5, "{asked:?} tells {figures} figures");
        }
    }
}

#[test]
fn words_hold_no_figure_that_is_not_traced() {
    for asked in places() {
        let found = explained("agreed", &asked);
        for sentence in sentences(&found) {
            for piece in &sentence.pieces {
                if let Piece::Words(words) = piece {
                    assert!(!words.chars().any(|c| c.is_ascii_digit()), "{words}");
                }
            }
        }
    }
}

/// The unmet share as `docs/explanations.md` has it, from amounts of a place, each factor the place's own or the
/// nation's.
fn share(own: &BTreeMap<&str, f64>, nation: &BTreeMap<&str, f64>, is_own: [bool; 7]) -> f64 {
    let side = |at: usize| if is_own[at] { own } else { nation };
    let a = |at: usize, name: &str| side(at)[name];
    let need = a(0, "expected") / a(0, "people");
    let usage = a(1, "need") / a(1, "expected");
    let relief = 1.0 - (a(2, "unmet") + a(2, "treated")) / a(2, "need");
    let beds = a(3, "before") / a(3, "people");
    let chosen = (a(4, "after") - a(4, "before") - a(4, "agreed")) / a(4, "before");
    let (cap, agreed) = (a(5, "room") / a(5, "after"), a(5, "agreed") / a(5, "before"));
    let reach = a(6, "treated") / a(6, "room");
    1.0 - relief - beds * (1.0 + agreed + chosen) * cap * reach / (need * usage)
}

/// All orders of seven things.
fn orders(rest: &[usize]) -> Vec<Vec<usize>> {
    if rest.is_empty() {
        return vec![Vec::new()];
    }
    let mut found = Vec::new();
    for first in rest {
        let others: Vec<usize> = rest.iter().copied().filter(|other| other != first).collect();
        found.extend(orders(&others).into_iter().map(|order| [vec![*first], order].concat()));
    }
    found
}

#[test]
fn the_parts_add_up_and_are_the_mean_over_every_order() {
    for result in ["plain", "agreed", "waves"] {
        for asked in places() {
            let Some(gap) = explained(result, &asked).gap.filter(|gap| gap.measure == "unmet_share") else {
                continue;
            };
            let sum: f64 = gap.parts.iter().map(|part| part.part).sum();
            assert!(
                (sum - gap.gap).abs() < 1e-9 && (gap.own - gap.nation - gap.gap).abs() < 1e-12,
                "{asked:?}"
            );
            let amounts = |of: &BTreeMap<&'static str, bedalloc::insight::figure::Figure>| {
                of.iter().map(|(name, figure)| (*name, figure.value)).collect::<BTreeMap<_, _>>()
            };
            let (own, nation) = (amounts(&gap.own_amounts), amounts(&gap.nation_amounts));
            assert!((own["unmet"] / own["need"] - gap.own).abs() < 1e-9, "the share is that of the files");
            let mut means = [0.0; 7];
            let orders = orders(&[0, 1, 2, 3, 4, 5, 6]);
            for order in &orders {
                let mut is_own = [false; 7];
                for &factor in order {
                    let before = share(&own, &nation, is_own);
                    is_own[factor] = true;
                    means[factor] += (share(&own, &nation, is_own) - before) / orders.len() as f64;
                }
            }
            for (part, mean) in gap.parts.iter().zip(means) {
                assert!(
                    (part.part - mean).abs() < 1e-10,
                    "{asked:?} {:?}: {} {mean}",
                    part.factor,
                    part.part
                );
            }
        }
    }
}

#[test]
fn occupancy_of_a_site_is_split_into_its_cap_and_its_use() {
    let gap = explained("plain", &Asked::Site("FEL01".into())).gap.expect("a gap");
    assert_eq!((gap.measure, gap.parts.len()), ("occupancy", 2));
    let sum: f64 = gap.parts.iter().map(|part| part.part).sum();
    assert!((sum - gap.gap).abs() < 1e-12);
}

#[test]
fn agreements_count_as_policy_and_not_as_the_plans_choice() {
    let amount = |result, name: &str| {
        let gap = explained(result, &Asked::Region("Westmarch Coast".into())).gap.expect("a gap");
        gap.own_amounts[name].value
    };
    assert_eq!(amount("plain", "agreed"), 0.0);
    assert!((amount("agreed", "agreed") - 30.0).abs() < 1e-6, "the floor of 30 binds");
    let nation = explained("agreed", &Asked::Region("Westmarch Hills".into())).gap.expect("a gap");
    assert!((nation.nation_amounts["agreed"].value - 32.0).abs() < 1e-6, "and the pin of two");
}

#[test]
fn prices_are_told_with_their_unit_and_at_most_ten_of_them() {
    for asked in places() {
        let binds = explained("plain", &asked).binds;
        assert!(binds.told.len() <= 10 && binds.told.len() <= binds.all.len(), "{asked:?}");
    }
    let binds = explained("plain", &Asked::Region("Westmarch Coast".into())).binds;
    let texts: Vec<String> = binds.told.iter().map(|told| told.told.text()).collect();
    let worth =
        texts.iter().find(|text| text.contains("One more bed") && text.contains("occupied beds of need"));
    assert!(worth.is_some_and(|text| text.contains("would meet 0.82")), "{texts:#?}");
}

/// The sums behind the benchmarks of a commissioner or trust, or of all, worked out from the tables alone: beds, occupied
/// beds, need, expected need, delay, patients treated, and their minutes.
fn benchmark_sums(folder: &Folder, kind: &str, id: Option<&str>) -> BTreeMap<&'static str, f64> {
    let by = |table: &str, key: &str| -> BTreeMap<String, Record> {
        folder.data(table).into_iter().map(|row| (row[key].clone(), row)).collect()
    };
    let (areas, sites) = (by("areas", "area"), by("sites", "site"));
    let is = |row: &Record| id.is_none_or(|id| row[kind] == id);
    let mut sums = BTreeMap::new();
    let mut add = |name: &'static str, value: f64| *sums.entry(name).or_insert(0.0) += value;
    for row in folder.data("beds").iter().filter(|row| is(&sites[&row["site"]])) {
        add("beds", number(row, "available_beds"));
        add("occupied", number(row, "occupied_beds"));
    }
    let table = |table: &str, keys: [&str; 2], value: &str| -> BTreeMap<(String, String), f64> {
        let rows = folder.data(table);
        rows.iter().map(|row| ((row[keys[0]].clone(), row[keys[1]].clone()), number(row, value))).collect()
    };
    let need = table("need", ["area", "specialty"], "occupied_beds");
    let expected = table("need_expected", ["area", "specialty"], "occupied_beds");
    let delays = table("delays", ["council", "specialty"], "delayed_beds");
    let of_council = |council: &str, specialty: &str| -> f64 {
        let there = need.iter().filter(|((a, s), _)| areas[a]["council"] == council && s == specialty);
        there.map(|(_, beds)| beds).sum()
    };
    // Of a trust: the part of an area's need that comes to its sites.
    let mut parts: BTreeMap<(String, String), f64> = BTreeMap::new();
    if kind == "trust" && id.is_some() {
        for ((area, site, specialty), beds) in folder.use_today() {
            if is(&sites[&site]) {
                *parts.entry((area, specialty)).or_insert(0.0) += beds;
            }
        }
        for (key, beds) in &mut parts {
            *beds /= need[key];
        }
    } else {
        parts = need.keys().filter(|(area, _)| is(&areas[area])).map(|key| (key.clone(), 1.0)).collect();
    }
    for (key, part) in &parts {
        let council = &areas[&key.0]["council"];
        let delayed = delays.get(&(council.clone(), key.1.clone())).copied().unwrap_or(0.0);
        add("need", need[key] * part);
        add("expected", expected[key] * part);
        add("delayed", need[key] * part * delayed / of_council(council, &key.1));
    }
    for row in records(&folder.result.join("flows.csv.gz")) {
        let place = if kind == "trust" { &sites[&row["site"]] } else { &areas[&row["area"]] };
        if is(place) {
            add("treated", number(&row, "occupied_beds"));
            add("minutes", number(&row, "occupied_beds") * number(&row, "minutes"));
        }
    }
    sums
}

#[test]
fn every_figure_of_the_benchmarks_is_worked_out_from_the_tables() {
    let folder = folder("plain");
    let output = output_of(&["explain", "results/plain", "--benchmarks", "--json"], solved());
    let all: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON alone");
    let page = output_of(&["explain", "results/plain", "--benchmarks"], solved());
    let page = String::from_utf8(page.stdout).expect("text");
    let ratios = |sums: &BTreeMap<&str, f64>| {
        [
            ("occupied", "beds"),
            ("need", "expected"),
            ("delayed", "need"),
            ("beds", "need"),
            ("minutes", "treated"),
        ]
        .map(|(of, by)| sums[of] / sums[by])
    };
    // As the table shows them: per cent, a quotient, per cent, for each hundred, minutes.
    let shown = |at: usize, value: f64| match at {
        0 | 2 => format!("{:.2}%", 100.0 * value),
        1 => format!("{value:.2}"),
        3 => format!("{:.1}", 100.0 * value),
        _ => format!("{value:.1}"),
    };
    let mut standards = ratios(&benchmark_sums(&folder, "commissioner", None));
    standards[0] = 0.82;
    let words_of = |start: &str| -> Vec<String> {
        let line = page.lines().find(|line| line.trim_start().starts_with(start));
        line.unwrap_or_else(|| panic!("{start} in {page}")).split_whitespace().map(str::to_owned).collect()
    };
    let holds = |words: &[String], values: [f64; 5]| {
        let told: Vec<String> = (0..5).map(|at| shown(at, values[at])).collect();
        assert!(words.windows(5).any(|five| five == told), "{told:?} in {words:?}");
    };
    holds(&words_of("Standard"), standards);
    for one in all.as_array().expect("a list") {
        let (kind, id) = (one["kind"].as_str().expect("a kind"), one["id"].as_str().expect("a code"));
        let sums = benchmark_sums(&folder, kind, Some(id));
        for (name, sum) in &sums {
            let told = one["sums"][name].as_f64().expect("a sum");
            assert!((told - sum).abs() < 1e-6 * sum.max(1.0), "{kind} {id} {name}: {told}, not {sum}");
        }
        let values = ratios(&sums);
        for (at, standard) in one["standards"].as_array().expect("standards").iter().enumerate() {
            for (key, expected) in [("value", values[at]), ("standard", standards[at])] {
                let told = standard[key].as_f64().expect("a number");
                assert!((told - expected).abs() < 1e-6 * expected.max(1.0), "{kind} {id} {standard}");
            }
        }
        holds(&words_of(&format!("{id} ")), values);
    }
}

#[test]
fn names_that_are_unknown_or_shared_end_with_code_2_and_a_hint() {
    let said = |flag: &str, name: &str| {
        let output = output_of(&["explain", "results/plain", flag, name], solved());
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(output.stdout.is_empty());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    assert!(said("--region", "Westmarch Cost").contains("did you mean Westmarch Coast?"));
    assert!(said("--site", "Fellsid Infirmary").contains("did you mean FEL01 (Fellside Infirmary)?"));
    let shared = said("--region", "westmarch");
    assert!(shared.contains("Westmarch Coast") && shared.contains("Westmarch Vale"), "{shared}");
    assert!(said("--specialty", "999").contains("110 (Trauma and orthopaedics)"));
    let both = output_of(&["explain", "results/plain", "--site", "FEL01", "--area", "A1"], solved());
    assert_eq!(both.status.code(), Some(2), "one place at a time");
    let none = output_of(&["explain", "models"], solved());
    assert_eq!(none.status.code(), Some(2));
}

#[test]
fn an_explanation_is_a_page_of_text_or_json() {
    let text = output_of(&["explain", "results/plain", "--area", "port haven"], solved());
    assert_eq!(text.status.code(), Some(0), "{}", String::from_utf8_lossy(&text.stderr));
    let page = String::from_utf8(text.stdout).expect("text");
    for heading in
        ["Port Haven", "Why it differs", "Who serves it now", "What would serve it better", "What binds"]
    {
        assert!(page.contains(heading), "{page}");
    }
    assert!(page.lines().all(|line| line.chars().count() <= 96), "{page}");
    let json = output_of(&["explain", "results/plain", "--region", "Westmarch Coast", "--json"], solved());
    let found: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON alone");
    assert_eq!(found["gap"]["parts"].as_array().map(Vec::len), Some(7));
    assert_eq!(found["got"][0]["figures"][0]["source"]["file"], "allocation.csv");
}

#[test]
fn a_comparison_tells_what_was_put_in_and_what_came_out() {
    let json = output_of(&["compare", "results/plain", "results/cap", "results/agreed", "--json"], solved());
    assert_eq!(json.status.code(), Some(0), "{}", String::from_utf8_lossy(&json.stderr));
    let found: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON alone");
    let settings = found["settings"].as_array().expect("a list");
    let of = |key: &str| settings.iter().find(|setting| setting["key"] == key).map(|s| s["values"].clone());
    assert_eq!(of("occupancy.cap"), Some(serde_json::json!(["0.82", "0.9", "0.82"])));
    assert_eq!(of("new_beds.total"), None, "the same in all");
    assert_eq!(of("pins[1].site"), Some(serde_json::json!([null, null, "FEL01"])));
    let summary = |result: &str| -> serde_json::Value {
        let bytes = fs::read(folder(result).result.join("summary.json")).expect("a file");
        serde_json::from_slice(&bytes).expect("JSON")
    };
    let line = |what: &str| {
        let lines = found["nation"].as_array().expect("a list");
        lines.iter().find(|line| line["what"] == what).cloned().expect("a line")
    };
    for (at, result) in ["plain", "cap", "agreed"].into_iter().enumerate() {
        assert_eq!(line("Unmet need")["values"][at], summary(result)["unmet_beds"]);
        let share = |result: &str| summary(result)["unmet_share"].as_f64().expect("a share");
        let causes = found["causes"].as_array().expect("a list");
        let sum: f64 = causes.iter().map(|cause| cause["parts"][at].as_f64().expect("a part")).sum();
        assert!((sum - (share(result) - share("plain"))).abs() < 1e-8, "{result}: {sum}");
    }
    let beds: f64 = found["regions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|region| region["new_beds"]["differences"][2].as_f64().expect("a difference"))
        .sum();
    assert!(beds.abs() < 1e-6, "as many new beds in all");
    let text = output_of(&["compare", "results/plain", "results/cap"], solved());
    let page = String::from_utf8(text.stdout).expect("text");
    assert!(page.contains("occupancy.cap") && page.contains("B - A"), "{page}");
    assert_eq!(output_of(&["compare", "results/plain"], solved()).status.code(), Some(2), "one is too few");
}
