//! Printing: results on stdout, everything else on stderr.

use super::exit_code::Exit;
use serde::Serialize;
use std::io::{self, IsTerminal, Write};

/// Prints to stdout. A reader that went away (`| head`) is no fault.
pub fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Prints what a command found and ends with 0; a fault goes to stderr and ends with 2.
pub fn tell(found: Result<String, String>) -> Exit {
    match found.map(|text| print(&text)) {
        Ok(Ok(())) => Exit::Done,
        Ok(Err(cause)) => {
            eprintln!("cannot print: {cause}");
            Exit::Bug
        }
        Err(fault) => {
            eprintln!("{fault}");
            Exit::BadInput
        }
    }
}

/// JSON for machines, with a line end.
pub fn json(found: &impl Serialize) -> Result<String, String> {
    let text = serde_json::to_string_pretty(found).map_err(|fault| fault.to_string())?;
    Ok(text + "\n")
}

/// Whether stdout takes colour: a terminal, and nobody objects (`NO_COLOR`, see no-color.org).
pub fn colour() -> bool {
    let objected = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    io::stdout().is_terminal() && !objected && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}
