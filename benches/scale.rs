//! How time grows with the size of the country: the national model with fewer and more sites in reach, by district,
//! small area and, where its tables have been made, LSOA. Writes benches/scale.md.

mod timed;

use bedalloc::pipeline::Stage;
use std::fmt::Write;
use tempfile::TempDir;
use timed::{SHIPPED, read, solve, variant, write_page};

/// Models of England at each resolution, and how many of the nearest sites they keep (none: every one in reach).
const CASES: [(&str, &str, Option<u8>); 10] = [
    ("districts", "england-2019-districts", Some(8)),
    ("districts", "england-2019-districts", None),
    ("MSOA", "england-2019", Some(2)),
    ("MSOA", "england-2019", Some(4)),
    ("MSOA", "england-2019", Some(8)),
    ("MSOA", "england-2019", Some(16)),
    ("MSOA", "england-2019", None),
    ("LSOA", "england-2019-lsoa", Some(4)),
    ("LSOA", "england-2019-lsoa", Some(8)),
    ("LSOA", "england-2019-lsoa", None),
];

const HEAD: &str = "# How time grows with size\n\n\
    The national model, every aim in order and the ties; no ranges of regions. Columns are those of the program over all\n\
    areas: a journey, unmet need or new beds each. *Levels* are the aims; *ties* the choice among equally good plans;\n\
    *rules* the simple rules to compare with, which run beside the ties. *In all* leaves reading out, and the reports.\n\n\
    | areas | nearest sites | columns | rows | levels, s | ties, s | rules, s | in all, s | levels, µs per column | most memory, MB |\n\
    |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n";

fn main() {
    let folder = TempDir::new().expect("there is room for a folder");
    let mut page = HEAD.to_owned();
    for (areas, base, nearest) in CASES {
        let reach = nearest.map_or(String::new(), |n| format!("reach: {{nearest_sites: {n}}}"));
        let case =
            format!("{areas}, {}", nearest.map_or("every site".to_owned(), |n| format!("{n} nearest sites")));
        let model = variant(folder.path(), base, &case.replace([' ', ','], "-"), &reach);
        let input = match read(&model, None) {
            Ok(input) => input,
            Err(words) => {
                println!("{case}: left out\n{words}");
                continue;
            }
        };
        let timed = solve(&input, SHIPPED);
        let nearest = nearest.map_or("all".to_owned(), |n| n.to_string());
        let row = match &timed.result {
            Ok(result) => {
                let (rows, columns) = result
                    .levels
                    .iter()
                    .map(|level| level.size)
                    .max_by_key(|size| size.1)
                    .unwrap_or_default();
                let levels = timed.levels();
                let ties = timed.of(|stage| *stage == Stage::TieBreak);
                let rules = timed.of(|stage| matches!(stage, Stage::Comparator(_)));
                let each = levels * 1e6 / columns.max(1) as f64;
                let memory = timed.memory.map_or(String::new(), |megabytes| format!("{megabytes:.0}"));
                format!(
                    "{columns} | {rows} | {levels:.1} | {ties:.1} | {rules:.1} | {:.1} | {each:.1} | {memory}",
                    timed.seconds
                )
            }
            Err(words) => format!("| | | | | {words} | |"),
        };
        println!("{case}: {row}");
        writeln!(page, "| {areas} | {nearest} | {row} |").expect("text grows");
    }
    write_page("scale.md", "scale", &page);
}
