//! `prices.csv`: the shadow prices, exact, so that whoever checks the result finds the same bound.

use super::Report;
use super::table::{Cell, Table};
use crate::pipeline::result::WholeBeds;
use crate::solution::LevelPrices;
use crate::solution::members::{CONSTRAINT_MEMBERS, PROGRAMME_MEMBER, constraint_members};
use crate::solution::words::{constraint_words, price_unit};

/// `prices.csv`: level, constraint (the name of its family), its members, what one more unit of its
/// bound is worth, and the constraint in words. Demand balances and zero prices are left out: see
/// [`crate::solution::LevelPrices`]. Prices read back bit for bit.
///
/// Of a plan in whole beds they are those of the program with its beds fixed, and a last column says so.
pub fn prices(report: &Report) -> Vec<u8> {
    let fixed = report.result.whole_beds.is_some();
    table(report, &report.result.prices, fixed.then_some("these whole beds"))
}

/// `bound_prices.csv`: of a plan in whole beds, the prices of the levels in fractions, which prove their bounds.
pub fn bound_prices(report: &Report, whole: &WholeBeds) -> Vec<u8> {
    table(report, &whole.prices, Some("plans in fractions"))
}

fn table(report: &Report, levels: &[LevelPrices], holds_for: Option<&str>) -> Vec<u8> {
    let mut named = CONSTRAINT_MEMBERS.to_vec();
    if report.system.policy.prevention.is_some() {
        named.push(PROGRAMME_MEMBER);
    }
    let mut columns = vec!["level", "constraint"];
    columns.extend(&named);
    columns.extend(["shadow_price", "unit", "valid_from", "valid_to", "binding", "words"]);
    columns.extend(holds_for.map(|_| "holds_for"));
    let mut table = Table::new(&columns);
    for level in levels {
        let name = level.level.to_string();
        for &(key, price) in &level.prices {
            let members = constraint_members(report.system, key);
            let unit = price_unit(level.level, key);
            let words = constraint_words(report.system, key);
            let mut cells = vec![Cell::Text(&name), Cell::Text(key.family())];
            let member = |column: &&str| members.get(column).map_or(Cell::Blank, Cell::Text);
            cells.extend(named.iter().map(member));
            cells.extend([
                Cell::Exact(price),
                Cell::Text(&unit),
                Cell::Blank,
                Cell::Blank,
                Cell::Text(if price == 0.0 { "false" } else { "true" }),
                Cell::Text(&words),
            ]);
            cells.extend(holds_for.map(Cell::Text));
            table.row(&cells);
        }
    }
    table.finish()
}
