//! Printing: results on stdout, everything else on stderr.

use std::io::{self, IsTerminal, Write};

/// Prints to stdout. A reader that went away (`| head`) is no fault.
pub fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Whether stdout takes colour: a terminal, and nobody objects (NO_COLOR, see no-color.org).
pub fn colour() -> bool {
    let objected = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    io::stdout().is_terminal() && !objected && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}
