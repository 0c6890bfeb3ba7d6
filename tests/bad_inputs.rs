//! Every code has a broken example: a small patch over the tutorial model, and what is said of it.
//!
//! `tests/bad_inputs/<code>[-variant]/patch` changes the tutorial, `expected.txt` is what `load` tells. After a
//! wanted change of words, `UPDATE_EXPECTED=1 cargo test --test bad_inputs` writes them anew: read the diff.

use bedalloc::input::{self, codes};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Codes without a case here, and where they are tested instead.
const ELSEWHERE: [(&str, &str); 2] = [
    ("E210", "needs a gigabyte; tested with a small limit beside the reader of lines"),
    ("N06", "is told by the command `check`, which has the travel graph; tested below"),
];

fn copy_tutorial(to: &Path) {
    for folder in ["models", "data/tutorial"] {
        fs::create_dir_all(to.join(folder)).unwrap();
    }
    fs::copy(repository().join("models/tutorial.yaml"), to.join("models/tutorial.yaml")).unwrap();
    for file in fs::read_dir(repository().join("data/tutorial")).unwrap().flatten() {
        fs::copy(file.path(), to.join("data/tutorial").join(file.file_name())).unwrap();
    }
}

/// Undoes `\n`, `\r`, `\t` and `\xNN`.
fn bytes_of(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        (rest, bytes) = match (first, tail) {
            (b'\\', [b'n', tail @ ..]) => (tail, [bytes, vec![b'\n']].concat()),
            (b'\\', [b'r', tail @ ..]) => (tail, [bytes, vec![b'\r']].concat()),
            (b'\\', [b't', tail @ ..]) => (tail, [bytes, vec![b'\t']].concat()),
            (b'\\', [b'x', high, low, tail @ ..]) => {
                let digits = String::from_utf8(vec![*high, *low]).unwrap();
                (tail, [bytes, vec![u8::from_str_radix(&digits, 16).unwrap()]].concat())
            }
            _ => (tail, [bytes, vec![*first]].concat()),
        };
    }
    bytes
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes.windows(from.len()).position(|window| window == from);
    let at = at.unwrap_or_else(|| panic!("nothing to replace: {}", String::from_utf8_lossy(from)));
    [&bytes[..at], to, &bytes[at + from.len()..]].concat()
}

/// Applies a patch: one instruction a line (see the cases).
fn apply(patch: &str, root: &Path) {
    let mut file = PathBuf::new();
    let mut wanted = Vec::new();
    for line in patch.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "file" => file = root.join(rest),
            "-" => wanted = bytes_of(rest),
            "+" => fs::write(&file, replace(&fs::read(&file).unwrap(), &wanted, &bytes_of(rest))).unwrap(),
            "append" => fs::write(&file, [fs::read(&file).unwrap(), bytes_of(rest)].concat()).unwrap(),
            "write" => fs::write(&file, bytes_of(rest)).unwrap(),
            "remove" => fs::remove_file(&file).unwrap(),
            "folder" => fs::create_dir_all(&file).unwrap(),
            "fill" => {
                let filler = vec![b'x'; rest.parse().unwrap()];
                fs::write(&file, [fs::read(&file).unwrap(), filler].concat()).unwrap();
            }
            "zip" => {
                let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
                zip.write_all(&fs::read(&file).unwrap()).unwrap();
                let bytes = zip.finish().unwrap();
                let kept = bytes.len() - rest.parse::<usize>().unwrap_or(0);
                fs::write(file.with_extension("csv.gz"), &bytes[..kept]).unwrap();
            }
            "windows" => {
                let text = fs::read_to_string(&file).unwrap().replace('\n', "\r\n");
                fs::write(&file, format!("\u{feff}{text}")).unwrap();
            }
            other => panic!("unknown instruction {other}"),
        }
    }
}

/// What is said of the tutorial with a patch.
fn told(patch: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    copy_tutorial(&root);
    apply(patch, &root);
    let text = match input::load(&root.join("models/tutorial.yaml")) {
        Ok(loaded) => {
            let notes = loaded.notes.iter().map(|note| format!("{}  {}\n", note.code, note.text));
            format!("no faults\n{}", notes.collect::<String>())
        }
        Err(errors) => format!("{errors}\n"),
    };
    text.replace(&format!("{}/", root.display()), "")
}

fn cases() -> Vec<PathBuf> {
    let folders = fs::read_dir(repository().join("tests/bad_inputs")).unwrap().flatten();
    let mut cases: Vec<PathBuf> = folders.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

fn code_of(case: &Path) -> String {
    let name = case.file_name().unwrap().to_string_lossy().into_owned();
    name.split('-').next().unwrap_or_default().to_owned()
}

#[test]
fn every_broken_example_is_told_as_expected() {
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        let found = told(&fs::read_to_string(case.join("patch")).unwrap());
        if !found.contains(&code_of(&case)) && code_of(&case) != "fine" {
            wrong.push(format!("{}: its code is not told\n{found}", case.display()));
        }
        if update {
            fs::write(case.join("expected.txt"), &found).unwrap();
        }
        let expected = fs::read_to_string(case.join("expected.txt")).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{}\n-- expected\n{expected}\n-- found\n{found}", case.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_code_has_a_broken_example_and_a_place_in_the_catalogue() {
    let covered: BTreeSet<String> = cases().iter().map(|case| code_of(case)).collect();
    let catalogue = fs::read_to_string(repository().join("docs/errors.md")).unwrap();
    for (code, title) in codes::ALL {
        let elsewhere = ELSEWHERE.iter().any(|(other, _)| other == code);
        assert!(covered.contains(*code) || elsewhere, "{code} has no case");
        assert!(catalogue.contains(&format!("### {code}: {title}\n")), "{code} is not in docs/errors.md");
    }
}

#[test]
fn many_faults_are_told_in_one_go() {
    let patch = "file models/tutorial.yaml\n- occupancy:\n+ occupency:\n\
        file data/tutorial/beds.csv\n- ALD01,110,100\n+ ALD02,110,-100\n\
        file data/tutorial/areas.csv\n- 180000\n+ many\n";
    let text = told(patch);
    for code in ["E104", "E307", "E303", "E302"] {
        assert!(text.contains(code), "{code} is missing in\n{text}");
    }
}

#[test]
fn the_tutorial_reads_as_its_readme_says() {
    let system = input::load(&repository().join("models/tutorial.yaml")).unwrap().system;
    let cap = system.policy.occupancy.cap;
    let held = system.beds_before() * cap;
    assert!((system.beds_before().0 - 850.0).abs() < 1e-9 && (system.total_need().0 - 784.0).abs() < 1e-9);
    assert!((held.0 - 697.0).abs() < 1e-9);
    let social_care = system.policy.social_care.as_ref().unwrap();
    let delayed: f64 = system.delays.values().iter().map(|beds| beds.0).sum();
    assert!((delayed * social_care.deliverable_share().0 - 13.104).abs() < 1e-9);
    assert!((social_care.discharge_curve[0].cost_per_bed_day * 365.0 - 25_550.0).abs() < 1e-9);
    assert!((system.policy.costs.bed_year().0 - (278_000.0 / 40.0 + 300.0 * 365.0)).abs() < 1e-9);
}

#[test]
fn the_resolved_model_can_be_loaded_and_resolves_to_itself() {
    let loaded = input::load(&repository().join("models/tutorial.yaml")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.yaml");
    fs::write(&path, &loaded.resolved).unwrap();
    let again = input::load(&path).unwrap();
    assert_eq!(again.resolved, loaded.resolved);
    assert_eq!(
        format!("{:?}", again.system.policy.objective),
        format!("{:?}", loaded.system.policy.objective)
    );
    assert_eq!(again.solver, loaded.solver);
    let nested = tempfile::tempdir_in(repository().join("models")).unwrap();
    fs::write(nested.path().join("model.yaml"), loaded.resolved_in(nested.path())).unwrap();
    assert!(loaded.resolved_in(nested.path()).contains("data: \"../../data/tutorial\"\n"));
    assert!(input::load(&nested.path().join("model.yaml")).is_ok());
}

#[test]
fn the_order_of_rows_and_of_keys_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    copy_tutorial(folder.path());
    let model = folder.path().join("models/tutorial.yaml");
    let before = input::load(&model).unwrap();
    for file in fs::read_dir(folder.path().join("data/tutorial")).unwrap().flatten() {
        let text = fs::read_to_string(file.path()).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1..].reverse();
        fs::write(file.path(), lines.join("\n")).unwrap();
    }
    let after = input::load(&model).unwrap();
    let show = |loaded: &input::Loaded| {
        let system = &loaded.system;
        format!(
            "{:?}{:?}{:?}{:?}{:?}{:?}",
            system.areas.ids(),
            system.need,
            system.beds,
            system.flows,
            system.travel,
            system.spend
        )
    };
    assert_eq!(show(&before), show(&after));
}

#[test]
fn damage_at_random_never_panics() {
    let folder = tempfile::tempdir().unwrap();
    copy_tutorial(folder.path());
    let model = folder.path().join("models/tutorial.yaml");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder.path().join("data/tutorial")).unwrap().flatten().map(|f| f.path()).collect();
    files.push(model.clone());
    files.sort();
    let mut state = 20_200_101_u64;
    let mut random = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let pieces: [&[u8]; 14] =
        [b"", b",", b"\"", b"-", b"\n", b"\xff", b"nan", b"1e400", b": ", b"{", b"[", b"#", b"\0", b"&a *a"];
    let mut refused = 0;
    for _ in 0..600 {
        let file = &files[random(files.len())];
        let sound = fs::read(file).unwrap();
        let at = random(sound.len());
        let end = (at + random(6)).min(sound.len());
        fs::write(file, [&sound[..at], pieces[random(pieces.len())], &sound[end..]].concat()).unwrap();
        refused += usize::from(input::load(&model).is_err());
        fs::write(file, sound).unwrap();
    }
    assert!(refused > 100, "damage is noticed: {refused}");
    assert!(input::load(&model).is_ok());
}

#[test]
fn check_tells_faults_as_json_and_exits_with_2_and_counts_travel_times() {
    let folder = tempfile::tempdir().unwrap();
    copy_tutorial(folder.path());
    let check = |model: &Path| {
        assert_cmd::Command::cargo_bin("bedalloc")
            .unwrap()
            .args(["check", "--json"])
            .arg(model)
            .output()
            .unwrap()
    };
    let model = folder.path().join("models/tutorial.yaml");
    apply(
        "file data/tutorial/travel_times.csv\n- A4,ALD01,55,known\\nA4,COA01,85,known\\nA4,FEL01,22,known\\n\n+ ",
        folder.path(),
    );
    let fine = check(&model);
    let told: serde_json::Value = serde_json::from_slice(&fine.stdout).unwrap();
    assert_eq!(
        (fine.status.code(), told["ok"].as_bool(), told["counts"]["areas"].as_u64()),
        (Some(0), Some(true), Some(6))
    );
    assert!(told["notes"].as_array().unwrap().iter().any(|note| note["code"] == "N06"));
    apply("file models/tutorial.yaml\n- occupancy:\n+ occupency:", folder.path());
    let faulty = check(&model);
    let told: serde_json::Value = serde_json::from_slice(&faulty.stdout).unwrap();
    assert_eq!((faulty.status.code(), told["faults"][0]["code"].as_str()), (Some(2), Some("E104")));
}

#[test]
fn the_shipped_national_models_have_no_faults() {
    for model in ["england-2019.yaml", "england-2019-districts.yaml"] {
        let loaded =
            input::load(&repository().join("models").join(model)).unwrap_or_else(|e| panic!("{model}\n{e}"));
        assert!((loaded.system.total_need().0 - 91_636.0).abs() < 1.0);
        assert!((loaded.system.beds_before().0 - 99_561.0).abs() < 1.0);
    }
}
