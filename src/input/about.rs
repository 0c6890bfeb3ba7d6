//! What a data folder's `README.md` says of its tables: source, year, licence, and what was done.

use crate::domain::about::AboutTable;
use std::fs;
use std::path::Path;

/// Reads what is said of each table: headings of the third level, each followed by `- Source:`, `- Year:`,
/// `- Licence:` and `- What was done:`. Empty where there is no such file or nothing of that form in it.
pub fn read(data: &Path) -> Vec<AboutTable> {
    fs::read_to_string(data.join("README.md")).map_or_else(|_| Vec::new(), |text| tables(&text))
}

fn tables(text: &str) -> Vec<AboutTable> {
    let mut found: Vec<AboutTable> = Vec::new();
    let mut within = false;
    for line in text.lines() {
        if line.starts_with('#') {
            within = false;
        }
        if let Some(heading) = line.strip_prefix("### ") {
            within = true;
            found.push(AboutTable { tables: heading.trim().to_owned(), ..AboutTable::default() });
        }
        let Some(about) = found.last_mut().filter(|_| within) else { continue };
        let Some((key, said)) = line.strip_prefix("- ").and_then(|line| line.split_once(": ")) else {
            continue;
        };
        let field = match key {
            "Source" => &mut about.source,
            "Year" => &mut about.year,
            "Licence" => &mut about.licence,
            "What was done" => &mut about.done,
            _ => continue,
        };
        said.trim().clone_into(field);
    }
    found.retain(|about| !about.source.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_each_table_is_read_and_other_text_left_alone() {
        let found = tables(
            "# Data\n- Source: not of a table\n### beds.csv\n- Source: KH03: beds\n- Year: 2019\n\
             - Licence: OGL\n- What was done: **Derived.** Split by site.\n### more\nwords\n## Check values\n- Year: no\n",
        );
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].tables.as_str(), found[0].source.as_str()), ("beds.csv", "KH03: beds"));
        assert_eq!(found[0].year, "2019");
        assert!(found[0].derived());
        assert!(read(Path::new("no such folder")).is_empty());
    }
}
