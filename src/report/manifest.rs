//! `manifest.json`: how a result came about. The only file that depends on the machine and the time.
//!
//! It holds no path from the root, so that a result can be moved together with its model and data.

use super::summary_json::status_word;
use super::{Report, ReportFile};
use serde_json::{Map, Value, json};

/// The name of the manifest in a result folder.
pub const NAME: &str = "manifest.json";
/// What marks a manifest as one of ours.
pub const PROGRAM: &str = "bedalloc";

/// An input file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputRecord {
    /// The way to it from the model's folder.
    pub path: String,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// What only the caller knows: the machine, the clock, the inputs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Circumstances {
    /// Version of the program.
    pub version: String,
    /// Commit it was built from; `None` when the build did not say.
    pub commit: Option<String>,
    /// The way to the model file from the result folder.
    pub model: String,
    /// Every file read.
    pub inputs: Vec<InputRecord>,
    /// Options by name, as words.
    pub options: Vec<(String, Value)>,
    /// Operating system, architecture and number of cores.
    pub machine: (String, String, usize),
    /// When the run started, ISO 8601 in universal time.
    pub started: String,
    /// Seconds of each stage, in order.
    pub stages: Vec<(String, f64)>,
    /// Seconds in all.
    pub seconds: f64,
}

/// The manifest of a result whose other files are these.
pub fn manifest(report: &Report, circumstances: &Circumstances, files: &[ReportFile]) -> ReportFile {
    let c = circumstances;
    let (name, version) = &report.result.solver;
    let (system, architecture, cores) = &c.machine;
    let inputs: Vec<Value> =
        c.inputs.iter().map(|input| json!({"path": input.path, "sha256": input.sha256})).collect();
    let stages: Vec<Value> = c
        .stages
        .iter()
        .map(|(stage, seconds)| json!({"stage": stage, "seconds": milliseconds(*seconds)}))
        .collect();
    let text = json!({
        "program": PROGRAM,
        "version": c.version,
        "commit": c.commit,
        "model": c.model,
        "status": status_word(report.result.status),
        "solver": {
            "name": name,
            "version": version,
            "options": c.options.iter().cloned().collect::<Map<String, Value>>(),
        },
        "inputs": inputs,
        "files": files.iter().map(|file| file.name).collect::<Vec<_>>(),
        "machine": {"system": system, "architecture": architecture, "cores": cores},
        "started": c.started,
        "stages": stages,
        "seconds": milliseconds(c.seconds),
    });
    ReportFile { name: NAME, bytes: format!("{text:#}\n").into_bytes() }
}

fn milliseconds(seconds: f64) -> f64 {
    (seconds * 1e3).round() / 1e3
}
