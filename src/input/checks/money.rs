//! Rules on councils' money.

use crate::domain::system::CareSystem;
use crate::domain::units::{Persons, Pounds};
use crate::input::codes;
use crate::input::location::Location;
use crate::input::model_file::ModelFile;
use crate::input::read::Tables;
use crate::input::table::Reading;

/// Least and most believable money a head, £ a year; English councils spend some hundreds of pounds.
const PER_HEAD: std::ops::RangeInclusive<f64> = 20.0..=20_000.0;

/// Rules on the size of money.
pub fn check(system: &CareSystem, tables: &Tables, reading: &mut Reading) {
    if system.policy.social_care.is_none() || !reading.faults.is_empty() {
        return;
    }
    check_money_per_head(system, tables, reading);
}

fn check_money_per_head(system: &CareSystem, tables: &Tables, reading: &mut Reading) {
    let people: Persons = system.areas.iter().map(|(_, _, area)| area.population).sum();
    let budget: Pounds = system.councils.iter().map(|(_, _, council)| council.budget).sum();
    let spend: Pounds = system.spend.values().iter().copied().sum();
    let Some((_, _, first)) = tables.councils.register.iter().next() else { return };
    for (what, pounds) in [("budgets", budget), ("spend", spend)] {
        let head = pounds.0 / people.0;
        if !PER_HEAD.contains(&head) {
            let slip = if head < *PER_HEAD.start() { "thousands or millions of pounds" } else { "pence" };
            let cause = format!("the councils' {what}: £{head:.2} a head, which looks like {slip}");
            let cure = "write money in pounds a year, and look at the populations of the areas";
            reading.faults.add(codes::MONEY_UNIT, Location::file(&first.at.file), cause, cure);
        }
    }
}

/// Every council must be able to pay its floors, from its budget or from the pooled fund.
pub fn check_floors_fit_budgets(
    system: &CareSystem,
    model: &ModelFile,
    tables: &Tables,
    reading: &mut Reading,
) {
    // The money a head may have been at fault already, and then sums of money say nothing.
    if !reading.faults.is_empty() {
        return;
    }
    let (Some(policy), Some(settings)) = (&system.policy.social_care, &model.social_care) else { return };
    let mut lacking = Vec::new();
    for (council, id, row) in tables.councils.register.iter() {
        let floor: Pounds = system
            .services
            .indices()
            .map(|service| system.spend[(council, service)] * policy.floor_of(service))
            .sum();
        if floor.0 > row.budget.0 * (1.0 + 1e-9) {
            lacking.push((id, floor - row.budget, row.at.clone()));
        }
    }
    let total: Pounds = lacking.iter().map(|(_, lack, _)| *lack).sum();
    if total.0 <= policy.pooled_fund.0 {
        return;
    }
    let fund = settings.pooled_fund.value.0;
    for (id, lack, at) in lacking {
        let cause = format!(
            "the floors of council `{id}` are £{:.0} above its budget, and all councils together lack £{:.0} where the \
             pooled fund has £{fund:.0}",
            lack.0, total.0
        );
        let cure = "lower `social_care.floors`, or raise the budget or `social_care.pooled_fund`";
        reading.faults.add(codes::FLOORS_ABOVE_BUDGET, at, cause, cure);
    }
}
