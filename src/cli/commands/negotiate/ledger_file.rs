//! The ledger as a file, and the model file that it comes to.

use super::Failure;
use crate::cli::exit_code::Exit;
use crate::cli::result_folder::model_of;
use crate::input::paths::{folder_of, way};
use crate::insight::negotiate::ledger::{Entry, Ledger};
use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

/// Reads a ledger; one that does not exist yet is empty.
pub fn read(file: &Path, fingerprint: &str) -> Result<Ledger, Failure> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Ledger::default()),
        Err(cause) => return Err(Failure::bad_input(format!("cannot read {}: {cause}", file.display()))),
    };
    if !text.is_empty() && !text.ends_with('\n') {
        let line = text.lines().count();
        let what = "this entry is cut short: its line has no end";
        return Err(Failure::bad_input(format!("{}:{line}: {what}", file.display())));
    }
    Ledger::read(&text, fingerprint)
        .map_err(|fault| Failure::bad_input(format!("{}:{}: {}", file.display(), fault.line, fault.what)))
}

/// Adds an entry at the end.
pub fn append(file: &Path, entry: &Entry) -> Result<(), Failure> {
    let line = entry.line() + "\n";
    let opened = OpenOptions::new().create(true).append(true).open(file);
    let written = opened.and_then(|mut open| open.write_all(line.as_bytes()).and_then(|()| open.sync_all()));
    written.map_err(|cause| Failure {
        exit: Exit::BadInput,
        text: format!("cannot write {}: {cause}; nothing was agreed", file.display()),
    })
}

/// Writes a model that extends the result's by what is settled, each with its reason.
pub fn write_model(output: &Path, file: &Path, folder: &Path, ledger: &Ledger) -> Result<(), Failure> {
    let model = model_of(folder).map_err(Failure::bad_input)?;
    let text = model_text(&way(folder_of(output), &model), &file.display().to_string(), ledger);
    fs::write(output, text)
        .map_err(|cause| Failure::bad_input(format!("cannot write {}: {cause}", output.display())))
}

fn model_text(extends: &str, file: &str, ledger: &Ledger) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let last = ledger.entries.last().map_or("", |last| &last.hash);
    let mut text = format!(
        "# What is settled in {}, up to the entry with the hash\n# {last}\nextends: {}\n",
        file.replace(['\n', '\r'], " "),
        quoted(extends)
    );
    let settled = ledger.settled();
    if !settled.is_empty() {
        text.push_str("regions:\n");
    }
    for entry in settled {
        let why = format!("{} (entry {}, {}, {})", entry.reason, entry.entry, entry.author, entry.time);
        let _ = writeln!(
            text,
            "  {}: {{min: {beds}, max: {beds}, why: {}}}",
            quoted(&entry.region),
            quoted(&why),
            beds = entry.new_beds
        );
    }
    text
}
