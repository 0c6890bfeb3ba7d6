//! The program as its users call it.
#![allow(dead_code)] // each test binary uses its own share

use assert_cmd::Command;
use std::path::{Path, PathBuf};
use std::process::Output;

/// The program, without colours.
pub fn bedalloc() -> Command {
    let mut command = Command::cargo_bin("bedalloc").expect("the program is built");
    command.env("NO_COLOR", "1");
    command
}

/// The model of the tutorial.
pub fn tutorial() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models/tutorial.yaml")
}

/// What it does with these arguments in a working folder.
pub fn output_of(arguments: &[&str], folder: &Path) -> Output {
    bedalloc().current_dir(folder).args(arguments).output().expect("it runs")
}
