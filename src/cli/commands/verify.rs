//! `bedalloc verify`: a result checked from its files alone.

use crate::cli::exit_code::Exit;
use crate::verify::verify;
use clap::Args;
use std::path::PathBuf;

/// Arguments of `bedalloc verify`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  bedalloc verify results/england-2019")]
pub struct VerifyArguments {
    /// The result folder, as `bedalloc solve` wrote it.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Print the checks as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command: 0 when every check holds, 1 when one fails, 2 when the folder cannot be read.
pub fn run(arguments: &VerifyArguments, quiet: bool) -> Exit {
    let found = match verify(&arguments.folder) {
        Ok(found) => found,
        Err(error) => {
            eprintln!("{error}");
            return Exit::BadInput;
        }
    };
    let ok = found.ok();
    if arguments.json {
        let json = serde_json::json!({ "ok": ok, "checks": found.checks });
        println!("{json:#}");
    } else if !(quiet && ok) {
        println!("{found}");
    }
    if ok { Exit::Done } else { Exit::Bug }
}
