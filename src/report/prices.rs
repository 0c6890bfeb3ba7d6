//! `prices.csv`: the shadow prices, exact, so that whoever checks the result finds the same bound.

use super::Report;
use super::table::{Cell, Table};
use crate::pipeline::price_ranges::PriceRanges;
use crate::pipeline::result::WholeBeds;
use crate::solution::LevelPrices;
use crate::solution::members::{CONSTRAINT_MEMBERS, PROGRAMME_MEMBER, constraint_members};
use crate::solution::words::{constraint_words, price_unit};

/// `prices.csv`: level, constraint (the name of its family), its members, what one more unit of its
/// bound is worth, and the constraint in words. Demand balances and zero prices are left out: see
/// [`crate::solution::LevelPrices`]. Prices read back bit for bit.
///
/// `bound`, `valid_from` and `valid_to` are filled where it was worked out how far a price holds: the constraint's bound,
/// and the least and the largest for which the price is the same (blank where there is no end). `degenerate` says
/// whether the bound stands at one of them, so that the price is one of several.
///
/// Of a plan in whole beds they are those of the program with its beds fixed, and a last column says so.
pub fn prices(report: &Report) -> Vec<u8> {
    let fixed = report.result.whole_beds.is_some();
    table(report, &report.result.prices, &report.result.price_ranges, fixed.then_some("these whole beds"))
}

/// `bound_prices.csv`: of a plan in whole beds, the prices of the levels in fractions, which prove their bounds.
pub fn bound_prices(report: &Report, whole: &WholeBeds) -> Vec<u8> {
    table(report, &whole.prices, &PriceRanges::new(), Some("plans in fractions"))
}

fn table(report: &Report, levels: &[LevelPrices], ranges: &PriceRanges, holds_for: Option<&str>) -> Vec<u8> {
    let mut named = CONSTRAINT_MEMBERS.to_vec();
    if report.system.policy.prevention.is_some() {
        named.push(PROGRAMME_MEMBER);
    }
    let mut columns = vec!["level", "constraint"];
    columns.extend(&named);
    columns.extend([
        "shadow_price",
        "unit",
        "bound",
        "valid_from",
        "valid_to",
        "degenerate",
        "binding",
        "words",
    ]);
    columns.extend(holds_for.map(|_| "holds_for"));
    let mut table = Table::new(&columns);
    for level in levels {
        let name = level.level.to_string();
        for &(key, price) in &level.prices {
            let members = constraint_members(report.system, key);
            let unit = price_unit(level.level, key);
            let words = constraint_words(report.system, key);
            let range = ranges.get(&(level.level, key));
            let mut cells = vec![Cell::Text(&name), Cell::Text(key.family())];
            let member = |column: &&str| members.get(column).map_or(Cell::Blank, Cell::Text);
            cells.extend(named.iter().map(member));
            cells.extend([
                Cell::Exact(price),
                Cell::Text(&unit),
                Cell::maybe(range.map(|range| range.bound)),
                Cell::maybe(range.and_then(|range| range.from)),
                Cell::maybe(range.and_then(|range| range.to)),
                range.map_or(Cell::Blank, |range| Cell::truth(range.is_degenerate())),
                Cell::truth(price != 0.0),
                Cell::Text(&words),
            ]);
            cells.extend(holds_for.map(Cell::Text));
            table.row(&cells);
        }
    }
    table.finish()
}
