//! The program as its users call it: exit codes, files, streams.

mod program;

use program::{bedalloc, tutorial};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn solve(folder: &Path, flags: &[&str]) -> std::process::Output {
    bedalloc().arg("solve").arg(tutorial()).arg("-o").arg(folder).args(flags).output().expect("it runs")
}

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("a file"))
        })
        .collect()
}

#[test]
fn two_runs_write_the_same_bytes_but_for_the_manifest() {
    let home = tempfile::tempdir().expect("a folder");
    let folders = [home.path().join("a"), home.path().join("b")];
    let [mut first, mut second] = folders.each_ref().map(|folder| {
        let output = solve(folder, &[]);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        contents(folder)
    });
    let manifest: serde_json::Value =
        serde_json::from_slice(&first.remove("manifest.json").expect("a manifest")).expect("JSON");
    second.remove("manifest.json");
    let listed: Vec<&str> =
        manifest["files"].as_array().expect("a list").iter().filter_map(|name| name.as_str()).collect();
    assert_eq!(listed, first.keys().map(String::as_str).collect::<Vec<_>>(), "the manifest lists every file");
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    for (name, bytes) in &first {
        assert!(bytes == &second[name], "{name} differs between two runs");
    }
}

/// A copy of the tutorial in a folder of its own.
fn copied(home: &Path, name: &str) -> PathBuf {
    let copy = home.join(name);
    bedalloc().arg("new").arg(&copy).assert().code(0);
    copy
}

/// Runs the program in a working folder, successfully.
fn run_in(folder: &Path, arguments: &[&str]) {
    bedalloc().current_dir(folder).args(arguments).assert().code(0);
}

/// The manifest without what may differ: the commit and the times.
fn lasting(manifest: &[u8]) -> String {
    let mut manifest: serde_json::Value = serde_json::from_slice(manifest).expect("JSON");
    for key in ["commit", "started", "seconds"] {
        assert!(!manifest[key].take().is_null() || key == "commit", "{key} is in the manifest");
    }
    for stage in manifest["stages"].as_array_mut().expect("a list") {
        stage["seconds"].take();
    }
    format!("{manifest:#}")
}

#[test]
fn a_result_is_the_same_wherever_the_copy_and_the_working_folder_are() {
    let home = tempfile::tempdir().expect("a folder");
    let (here, there) = (copied(home.path(), "here"), copied(home.path(), "far/away/there"));
    run_in(&here, &["solve", "models/tutorial.yaml"]);
    run_in(
        home.path(),
        &["solve", "far/away/there/models/tutorial.yaml", "-o", "far/away/there/results/tutorial"],
    );
    let [mut first, mut second] = [&here, &there].map(|copy| contents(&copy.join("results/tutorial")));
    let manifests = [&mut first, &mut second].map(|files| files.remove("manifest.json").expect("a manifest"));
    assert!(first == second, "model.yaml:\n{}", String::from_utf8_lossy(&second["model.yaml"]));
    let [manifest, other] = manifests.map(|bytes| lasting(&bytes));
    assert_eq!(manifest, other);
    let model = String::from_utf8_lossy(&first["model.yaml"]).into_owned();
    assert!(model.contains("data: \"../../data/tutorial\"\n"), "{model}");
    for path in ["../../models/tutorial.yaml", "\"tutorial.yaml", "../data/tutorial/beds.csv"] {
        assert!(manifest.contains(path), "{manifest}");
    }
    for text in [&manifest, &model] {
        assert!(!text.contains("\"/") && !text.contains("here"), "no path from the root: {text}");
    }
}

#[test]
fn a_saved_model_can_be_solved_and_verified_after_it_moved_with_its_data() {
    let home = tempfile::tempdir().expect("a folder");
    run_in(&copied(home.path(), "before"), &["solve", "models/tutorial.yaml"]);
    let moved = home.path().join("after");
    std::fs::rename(home.path().join("before"), &moved).expect("it can be moved");
    run_in(home.path(), &["verify", "after/results/tutorial"]);
    run_in(&moved.join("results/tutorial"), &["verify", "."]);
    run_in(home.path(), &["solve", "after/results/tutorial/model.yaml", "-o", "after/again"]);
    run_in(&moved, &["verify", "again"]);
    let [mut first, mut again] = ["results/tutorial", "again"].map(|folder| contents(&moved.join(folder)));
    for files in [&mut first, &mut again] {
        files.remove("manifest.json").expect("a manifest");
        files.remove("model.yaml").expect("a model");
        // These tell the inputs by their way from the model, as the manifest does.
        files.remove("report.html").expect("a page");
        files.remove("results.xlsx").expect("a workbook");
    }
    assert!(first == again, "the same plan");
    std::fs::write(moved.join("data/tutorial/trusts.csv"), "trust,name\nALD,Other\n").expect("a file");
    let words = bedalloc().arg("verify").arg(moved.join("again")).output().expect("it runs");
    let words = String::from_utf8_lossy(&words.stdout).into_owned();
    assert!(words.contains("data/tutorial/trusts.csv has changed"), "{words}");
}

#[test]
fn the_summary_goes_to_stdout_and_nothing_else_does() {
    let home = tempfile::tempdir().expect("a folder");
    let text = solve(&home.path().join("a"), &[]);
    let page = String::from_utf8(text.stdout).expect("text");
    assert!(page.contains("Westmarch Vale") && !page.contains('\u{1b}'), "{page}");
    assert!(text.stderr.is_empty(), "no progress where stderr is no terminal");
    let json = solve(&home.path().join("b"), &["--json", "-v"]);
    let summary: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON alone");
    assert_eq!(summary["status"], "optimal");
    assert!(String::from_utf8_lossy(&json.stderr).contains("read the model"), "-v tells each stage");
    assert!(solve(&home.path().join("c"), &["-q"]).stdout.is_empty(), "-q says nothing when all is well");
}

#[test]
fn wrong_usage_and_bad_input_end_with_code_2_and_write_nothing() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("a");
    for flags in [&["--solver", "nosuch"][..], &["--time-limit", "-1"], &["--threads", "0"], &["--nonsense"]]
    {
        assert_eq!(solve(&folder, flags).status.code(), Some(2), "{flags:?}");
    }
    let missing = bedalloc().args(["solve", "nosuch.yaml", "-o"]).arg(&folder).output().expect("it runs");
    assert_eq!(missing.status.code(), Some(2));
    assert!(!missing.stderr.is_empty());
    std::fs::create_dir(home.path().join("mine")).expect("a folder");
    std::fs::write(home.path().join("mine/letter.txt"), "dear").expect("a file");
    let taken = solve(&home.path().join("mine"), &[]);
    assert_eq!(taken.status.code(), Some(2));
    assert_eq!(contents(&home.path().join("mine")).keys().collect::<Vec<_>>(), ["letter.txt"]);
    assert!(!folder.exists(), "nothing was written");
}

#[test]
fn a_model_whose_rules_collide_ends_with_code_3_and_names_them() {
    let home = tempfile::tempdir().expect("a folder");
    let model = home.path().join("collide.yaml");
    let base = tutorial();
    // Thirty for one region and fifteen pinned in another are more than the forty there are.
    let rules = "regions:\n  Westmarch Coast: {min: 30}\npins:\n  - {site: ALD01, beds: 15, why: agreed}\n";
    let text = format!("extends: {}\nname: Colliding\n{rules}", base.display());
    std::fs::write(&model, text).expect("a file");
    let folder = home.path().join("a");
    let output = bedalloc().arg("solve").arg(&model).arg("-o").arg(&folder).output().expect("it runs");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{words}");
    assert!(words.contains("at least 30 new beds for Westmarch Coast"), "{words}");
    assert!(words.contains("collide.yaml:4") && words.contains("collide.yaml:6"), "{words}");
    assert!(!words.contains("at least 0"), "that nothing falls below zero is no rule to relax: {words}");
    assert!(!folder.exists(), "no plan, no folder");
}

#[test]
fn a_program_can_be_written_for_other_solvers() {
    let home = tempfile::tempdir().expect("a folder");
    let export = |format: &str| {
        let file = home.path().join(format);
        let mut command = bedalloc();
        command.arg("export").arg(tutorial()).args(["--format", format, "-o"]).arg(&file);
        command.assert().code(0);
        std::fs::read_to_string(file).expect("a file")
    };
    let (lp, mps) = (export("lp"), export("mps"));
    assert!(lp.starts_with("Minimize") && lp.contains("BedCapacity("), "{}", &lp[..200]);
    assert!(mps.contains("ROWS") && mps.trim_end().ends_with("ENDATA"));
    let json: serde_json::Value = serde_json::from_str(&export("json")).expect("JSON");
    let rows = json["rows"].as_array().expect("rows");
    assert!(rows.iter().any(|row| row["family"] == "NewBedPool" && row["upper"] == 40.0));
}

#[test]
fn area_tables_that_are_not_there_are_bad_input_and_the_command_that_makes_them_is_told() {
    let home = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for file in
        ["models/england-2019.yaml", "models/england-2019-lsoa.yaml", "data/england-2019/on_demand.csv"]
    {
        let copy = home.path().join(file);
        std::fs::create_dir_all(copy.parent().expect("inside")).expect("a folder");
        std::fs::copy(root.join(file), copy).expect("a copy");
    }
    let arguments = ["check", "models/england-2019-lsoa.yaml"];
    let refused = bedalloc().current_dir(home.path()).args(arguments).assert().code(2);
    let said = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(said.contains("E118") && said.contains("no folder `lsoa`"), "{said}");
    let command = "`bedalloc import england-2019 --raw <folder of public files> --areas lsoa`";
    assert!(said.contains(command), "{said}");
}
