//! Area tables that are too big to be kept with the others: which command makes them.
//!
//! A data folder may hold `on_demand.csv` with the columns `areas` and `command`: the name of a folder of area
//! tables and the command that compiles it. It is only read to help where the folder is missing.

use super::csv::{self, Lines};
use std::path::Path;

/// The file of a data folder that tells the commands.
const FILE: &str = "on_demand.csv";

/// The command that makes a folder of area tables; `None` where the data folder tells none.
pub fn command_for(data: &Path, areas: &str) -> Option<String> {
    let mut lines = Lines::open(&data.join(FILE)).ok()?;
    let mut header = true;
    while let Some(line) = lines.next_line().ok()? {
        if !std::mem::take(&mut header)
            && let Ok(fields) = csv::split(line)
            && let [folder, command] = fields.as_slice()
            && csv::text_of(line, folder) == areas
        {
            return Some(csv::text_of(line, command).into_owned()).filter(|command| !command.is_empty());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_of_a_folder_is_found_and_anything_else_is_no_help() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(command_for(folder.path(), "areas"), None);
        let text = "areas,command\nward,\nlsoa,\"make, and wait\"\ntoo,many,fields\n";
        std::fs::write(folder.path().join(FILE), text).unwrap();
        assert_eq!(command_for(folder.path(), "lsoa").as_deref(), Some("make, and wait"));
        for none in ["areas", "ward", "too", "msoa"] {
            assert_eq!(command_for(folder.path(), none), None, "{none}");
        }
    }
}
