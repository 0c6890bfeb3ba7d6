//! Giving way on a demand, in words: "lower the floor of London by 57 beds, to 343 new beds".
//!
//! Amounts are rounded away from the demand, so that a change made as it reads is never too small.

use super::conflict::{Change, grows};
use super::words::{Words, name_or_id, scope_words};
use crate::domain::SiteIx;
use crate::domain::number::grouped;
use crate::domain::policy::Scope;
use crate::domain::system::CareSystem;
use crate::formulation::demands::Demand;
use crate::formulation::keys::{ConstraintKey, VariableKey};
use crate::lp::BoundSide;

/// Rounding of the solver that is no reason to round an amount up.
const ROUNDING: f64 = 1e-6;

/// A change in words. It reads as something to do, without a capital and a full stop.
pub fn change_words(system: &CareSystem, change: &Change) -> String {
    match change.demand {
        Demand::Growth => {
            let (from, to) = (100.0 * change.limit, 100.0 * change.new_limit());
            format!("raise the growth limit of all sites from {}% to {}%", tidy(from), up(to, 1))
        }
        Demand::Protected(position) => {
            let rule = &system.policy.protected[usize::from(position)];
            let say = Words { system };
            let whose = match rule.specialty {
                Some(specialty) => say.beds_at(rule.site, specialty),
                None => say.site(rule.site).to_owned(),
            };
            format!("let {} of the protected beds of {whose} go", beds(system, change.by))
        }
        Demand::WholeBeds => "plan in parts of a bed (`whole_beds: false`)".to_owned(),
        Demand::Limit(key, side) => {
            let site = match key {
                VariableKey::StepDownBeds(x) => site_words(system, x.site),
                _ => super::words::variable_words(system, key),
            };
            size(system, &site, side, change.limit, change)
        }
        Demand::Row(key, side) => row(system, key, side, change),
    }
}

fn row(system: &CareSystem, key: ConstraintKey, side: BoundSide, change: &Change) -> String {
    use ConstraintKey as K;
    let say = Words { system };
    let by = change.by;
    match key {
        K::NewBedPool { period } if side == BoundSide::Lower => format!(
            "leave {} of the {} new beds{} ungiven (`new_beds.must_spend: false`)",
            whole(system, by),
            grouped(change.limit, 0),
            say.period(period)
        ),
        K::NewBedPool { period } => {
            let (more, all) = (beds(system, by), whole(system, change.new_limit()));
            format!("add {more} to the national pool{}, to {all}", say.period(period))
        }
        K::Agreement { position, .. } => {
            let rule = &system.policy.agreements[usize::from(position)];
            let what = if side == BoundSide::Lower { "floor" } else { "ceiling" };
            moved(system, &format!("the {what} of {}", scope_words(system, rule.scope)), side, change)
        }
        K::Pin { position, .. } => {
            let rule = &system.policy.pins[usize::from(position)];
            let whose = match rule.specialty {
                Some(specialty) => say.beds_at(rule.site, specialty),
                None => say.site(rule.site).to_owned(),
            };
            // Just so many: rounded to neither side.
            let verb = if side == BoundSide::Lower { "lower" } else { "raise" };
            let (by, to) = (trimmed(by, 4), trimmed(change.new_limit(), 4));
            format!("{verb} the pin of {whose} by {by} beds, to {to} new beds")
        }
        K::SiteSize { site, .. } if side == BoundSide::Upper && grows(system, site) => {
            let (today, room) = (system.site_beds(site).0, change.new_limit());
            let growth = up(100.0 * (room / today - 1.0), 1);
            let stated = tidy(100.0 * (change.limit / today - 1.0));
            let name = site_words(system, site);
            format!(
                "let {name} grow by {} more, to {} in all ({growth}% above today's, not {stated}%)",
                beds(system, by),
                whole(system, room)
            )
        }
        K::SiteSize { site, .. } => size(system, &site_words(system, site), side, change.limit, change),
        K::SmallestOpen { site, .. } => {
            let stated = system.sites[site].smallest_beds.map_or(0.0, |beds| beds.0);
            size(system, &site_words(system, site), BoundSide::Lower, stated, change)
        }
        K::LargestOpen { site, .. } => {
            let stated =
                crate::formulation::constraints::beds::largest_size(system, site).map_or(0.0, |b| b.0);
            size(system, &site_words(system, site), BoundSide::Upper, stated, change)
        }
        K::ReallocationLimit { site, specialty, period } => {
            let (more, place) = (beds(system, by), say.beds_at(site, specialty));
            format!("let {more} more of {place} go to other sites{}", say.period(period))
        }
        K::ConversionLimit { site, specialty, period } => {
            let (more, place) = (beds(system, by), say.beds_at(site, specialty));
            format!("let {more} more of {place} be converted{}", say.period(period))
        }
        K::ClosureLimit { site, specialty, period } => {
            let (more, place) = (beds(system, by), say.beds_at(site, specialty));
            format!("let {more} more of {place} close{}", say.period(period))
        }
        K::ClosurePrecedence { commissioner, period } => format!(
            "provide for {} occupied beds more in {} before beds close there{}, or let them close without",
            up(by, 2),
            say.scope(Scope::Commissioner(commissioner)),
            say.period(period)
        ),
        K::BedCapacity { site, specialty, period } => cap(system, site, (specialty, period), by),
        other => resources(system, other, side, change),
    }
}

/// Money, nurses and step-down beds.
fn resources(system: &CareSystem, key: ConstraintKey, side: BoundSide, change: &Change) -> String {
    use ConstraintKey as K;
    let say = Words { system };
    let by = change.by;
    let million = |amount: f64| format!("£{} million", up(amount, 2));
    match key {
        K::CouncilBudget { council, .. } => format!(
            "give {} {} a year more, or lower the floors of its services by as much",
            say.council(council),
            million(by)
        ),
        K::PooledFund { .. } => {
            format!("add {} a year to the pooled fund, to {}", million(by), million(change.new_limit()))
        }
        K::StepDownPool { period } => format!(
            "let {} more step-down beds be opened{}, {} in all",
            whole(system, by),
            say.period(period),
            whole(system, change.new_limit())
        ),
        K::PreventionBudget { .. } => format!("add {} a year to the budget for prevention", million(by)),
        K::BedManagementBudget { .. } => {
            format!("add {} a year to the budget for shorter stays", million(by))
        }
        K::CapitalLimit { period } => format!(
            "raise the capital for new beds{} by {}, to {}",
            say.period(period),
            million(by),
            million(change.new_limit())
        ),
        K::RevenueLimit { period } => {
            format!("raise the NHS revenue for the plan{} by {} a year", say.period(period), million(by))
        }
        K::NurseLimit { region, .. } => format!(
            "find {} more nurses in {}, {} in all",
            up(by, 1),
            say.scope(Scope::Region(region)),
            up(change.new_limit(), 1)
        ),
        other => {
            let verb = if side == BoundSide::Lower { "lower" } else { "raise" };
            let words = super::words::constraint_words(system, other);
            format!("{verb} the limit \"{words}\" by {} {}", up(by, 2), other.unit())
        }
    }
}

/// "raise the occupancy cap of General Medicine at Royal London Hospital to 93.1%".
fn cap(
    system: &CareSystem,
    site: SiteIx,
    (specialty, period): (crate::domain::SpecialtyIx, crate::domain::PeriodIx),
    by: f64,
) -> String {
    let say = Words { system };
    let today = system.beds.get(&(site, specialty)).map_or(0.0, |stock| stock.available.0);
    let place = say.beds_at(site, specialty);
    let more = format!("room for {} more occupied beds", up(by, 2));
    let cap = system.policy.occupancy.cap_at(site, specialty).0 + by / today;
    if cap.is_finite() && cap <= 1.0 {
        return format!(
            "raise the occupancy cap of {place}{} to {}% ({more})",
            say.period(period),
            up(100.0 * cap, 1)
        );
    }
    format!("find {more} of {place}{}", say.period(period))
}

/// "lower the floor of London by 57 beds, to 343 new beds".
fn moved(system: &CareSystem, what: &str, side: BoundSide, change: &Change) -> String {
    let verb = if side == BoundSide::Lower { "lower" } else { "raise" };
    let to = away(system, side, change.new_limit());
    format!("{verb} {what} by {}, to {to} new beds", beds(system, change.by))
}

/// "raise the largest size of St Mary's Hospital by 5 beds, to 105".
fn size(system: &CareSystem, site: &str, side: BoundSide, stated: f64, change: &Change) -> String {
    let (verb, which, to) = match side {
        BoundSide::Lower => ("lower", "smallest", stated - change.by),
        BoundSide::Upper => ("raise", "largest", stated + change.by),
    };
    format!("{verb} the {which} size of {site} by {}, to {}", beds(system, change.by), away(system, side, to))
}

fn site_words(system: &CareSystem, site: SiteIx) -> String {
    name_or_id(&system.sites[site].name, system.sites.id(site).as_str()).to_owned()
}

/// "57 beds": in whole beds where the model's beds are whole, else to two decimals, rounded up.
fn beds(system: &CareSystem, amount: f64) -> String {
    let text = whole(system, amount);
    let plural = if text == "1" { "" } else { "s" };
    format!("{text} bed{plural}")
}

/// The same without the word.
fn whole(system: &CareSystem, amount: f64) -> String {
    away(system, BoundSide::Upper, amount)
}

/// A limit after a change: rounded down where it is a least, up where it is a most.
fn away(system: &CareSystem, side: BoundSide, limit: f64) -> String {
    let decimals = if system.policy.whole_beds.is_some() { 0 } else { 2 };
    match side {
        BoundSide::Lower => {
            format!("{}{}", if limit < -ROUNDING { "-" } else { "" }, down(limit.abs(), decimals))
        }
        BoundSide::Upper => up(limit, decimals),
    }
}

/// A number rounded up, its last noughts left out.
fn up(number: f64, decimals: usize) -> String {
    let scale = [1.0, 10.0, 100.0][decimals.min(2)];
    trimmed(((number - ROUNDING) * scale).ceil().max(0.0) / scale, decimals)
}

fn down(number: f64, decimals: usize) -> String {
    let scale = [1.0, 10.0, 100.0][decimals.min(2)];
    trimmed(((number + ROUNDING) * scale).floor() / scale, decimals)
}

fn tidy(number: f64) -> String {
    trimmed(number, 2)
}

fn trimmed(number: f64, decimals: usize) -> String {
    let text = grouped(number, decimals);
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_rounded_away_from_the_demand() {
        assert_eq!(
            (up(57.001, 2), up(57.0, 2), up(0.333_3, 2)),
            ("57.01".into(), "57".into(), "0.34".into())
        );
        assert_eq!(
            (up(1_234.5, 0), down(342.999, 0), down(343.0, 2)),
            ("1,235".into(), "342".into(), "343".into())
        );
        assert_eq!(up(100.0 * 0.25 + 1e-9, 1), "25");
    }
}
