//! The README of the compiled folder, from one table of facts, and how its tables on demand are made.

use super::checks::{self, Summary};
use super::facts::{FACTS, Fact};
use super::trusts::Trusts;
use super::types::Resolution;
use crate::import::ImportError;
use crate::import::tables::{TableWriter, write_bytes};
use std::fmt::Write;
use std::path::Path;

const OPENING: &str = "\
# England, winter 2019-20

The national instance: 315 sites of 145 acute trusts, 44 STPs as commissioners (42 ICBs beside them), 9 regions,
152 councils, and 56,286,961 people in 309 districts, 6,791 MSOAs or 32,844 LSOAs. The last full winter before the pandemic.

This folder is compiled from public statistics by `bedalloc import england-2019 --raw <folder of public files>`; the
same files give the same bytes. Tables of one area resolution lie in `district/`, `msoa/` and `lsoa/`. The last, 16 MB, is made
on demand with `--areas lsoa` and not kept here; `on_demand.csv` tells the command to whoever misses it, and `make lsoa
RAW=<folder of public files>` runs it and solves the model. All three are added up from LSOAs, so their totals agree.

Published figures are aggregates under the Open Government Licence v3.0: contains public sector information licensed
under the Open Government Licence v3.0. Where a table is marked **Derived**, its totals are published and its
detail is not: the steps below made it.
";

/// Writes `README.md`.
pub fn write(trusts: &Trusts, out: &Path) -> Result<(), ImportError> {
    let mut text = String::from(OPENING);
    text.push_str("\n## Tables\n");
    for fact in FACTS {
        let Fact { table, source, year, licence, derived } = fact;
        let _ = write!(text, "\n### {table}\n- Source: {source}\n- Year: {year}\n- Licence: {licence}\n");
        let _ = writeln!(text, "- What was done: {derived}");
    }
    let mut values = Summary::default();
    checks::describe_beds(trusts, &mut values);
    text.push_str("\n## Check values\n\n");
    for line in values.lines {
        let _ = writeln!(text, "- {line}");
    }
    text.push_str(
        "- need on either basis sums to the occupied beds; revealed need sums trust by trust to KH03\n\n\
         The published occupancy is rounded to whole per cent, so it does not count the trusts between 92.0% and 92.5%.\n",
    );
    write_bytes(&out.join("README.md"), text.as_bytes())
}

/// Writes `on_demand.csv`: the command for the area tables that are not kept with the others.
pub fn write_on_demand(out: &Path) -> Result<(), ImportError> {
    let mut table = TableWriter::new(out.join("on_demand.csv"), &["areas", "command"]);
    let areas = Resolution::Lsoa.folder();
    let command = format!("bedalloc import england-2019 --raw <folder of public files> --areas {areas}");
    table.row(&[areas, &command]);
    table.finish()
}
