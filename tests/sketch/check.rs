//! Results written as files, and checked from them alone as `bedalloc verify` does.

use bedalloc::domain::system::CareSystem;
use bedalloc::network::TravelTimes;
use bedalloc::pipeline::RunResult;
use bedalloc::report::Report;
use bedalloc::verify;
use bedalloc::verify::report::Verification;
use tempfile::TempDir;

/// A folder with the files of a result.
pub fn written(system: &CareSystem, result: &RunResult) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for file in Report::new(system, result, &[]).files("") {
        std::fs::write(folder.path().join(file.name), file.bytes).expect("a file");
    }
    folder
}

/// What the check of a folder says.
pub fn of_folder(folder: &TempDir, system: &CareSystem, times: &TravelTimes) -> Verification {
    verify::check(folder.path(), system, times).expect("files that can be read")
}

/// What the check of a result's files says.
pub fn of_result(system: &CareSystem, times: &TravelTimes, result: &RunResult) -> Verification {
    of_folder(&written(system, result), system, times)
}

/// The files of a result must stand the check.
pub fn holds(system: &CareSystem, times: &TravelTimes, result: &RunResult) {
    let found = of_result(system, times, result);
    assert!(found.ok(), "{found}");
}

/// A result whose summary is altered by hand.
pub struct Summary<'a> {
    system: &'a CareSystem,
    times: &'a TravelTimes,
    folder: TempDir,
    /// What the result itself tells.
    pub told: serde_json::Value,
}

impl<'a> Summary<'a> {
    pub fn of(system: &'a CareSystem, times: &'a TravelTimes, result: &RunResult) -> Self {
        let folder = written(system, result);
        let text = std::fs::read(folder.path().join("summary.json")).expect("a summary");
        let told = serde_json::from_slice(&text).expect("JSON");
        Self { system, times, folder, told }
    }

    /// The checks that fail when the summary tells this, with all other files as they are.
    pub fn failed(&self, told: &serde_json::Value) -> Vec<String> {
        std::fs::write(self.folder.path().join("summary.json"), told.to_string()).expect("a file");
        let found = of_folder(&self.folder, self.system, self.times);
        found.failed().into_iter().map(str::to_owned).collect()
    }
}
