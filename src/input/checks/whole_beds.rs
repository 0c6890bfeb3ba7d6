//! Rules on numbers that must come out in whole beds.

use crate::domain::policy::Origin;
use crate::domain::system::CareSystem;
use crate::domain::units::Beds;
use crate::input::codes;
use crate::input::faults::Faults;
use crate::input::location::Location;
use crate::input::model_file::ModelFile;
use std::sync::Arc;

/// A number this near to a multiple, as a share of the ward, is one.
const SLACK: f64 = 1e-9;

/// What is fixed to a number of beds must be a multiple of the ward, and limits must leave one.
pub fn check(system: &CareSystem, model: &ModelFile, faults: &mut Faults) {
    let Some(ward) = system.policy.whole_beds else { return };
    check_the_pool(system, model, ward, faults);
    for pin in &system.policy.pins {
        if !is_multiple(pin.beds, ward) {
            let cause = format!("{} beds are pinned, which is {}", pin.beds.0, none_of(ward));
            faults.add(
                codes::WHOLE_BEDS,
                place(&pin.origin),
                cause,
                "pin whole beds, or write `whole_beds: false`",
            );
        }
    }
    for agreement in &system.policy.agreements {
        let least = agreement.min.map_or(0.0, |min| (min.0 / ward.0 - SLACK).ceil());
        let most = agreement.max.map_or(f64::INFINITY, |max| (max.0 / ward.0 + SLACK).floor());
        if least > most {
            let cause = format!("no multiple of {} beds lies between `min` and `max`", ward.0);
            faults.add(codes::WHOLE_BEDS, place(&agreement.origin), cause, "lower `min` or raise `max`");
        }
    }
}

/// All that must be given out, wave by wave, is a multiple; else at least one ward fits.
fn check_the_pool(system: &CareSystem, model: &ModelFile, ward: Beds, faults: &mut Faults) {
    let pool = system.policy.pool;
    let at = || model.new_beds.at.clone();
    if pool.total.0 > 0.0 && pool.total < ward {
        let cause = format!("a ward of {} beds is more than the {} new beds", ward.0, pool.total.0);
        faults.add(codes::WHOLE_BEDS, at(), cause, "lower `ward_size` or raise `new_beds.total`");
        return;
    }
    let odd = system.opening_periods().find(|&period| !is_multiple(system.pool_until(period), ward));
    if let Some(period) = odd.filter(|_| pool.must_spend) {
        let cause = format!(
            "{} new beds are to be given out up to `{}`, which is {}",
            crate::input::tidy(system.pool_until(period).0),
            system.periods.id(period),
            none_of(ward),
        );
        let cure = "change `new_beds` or `ward_size`, or write `new_beds.must_spend: false`";
        faults.add(codes::WHOLE_BEDS, at(), cause, cure);
    }
}

fn is_multiple(beds: Beds, ward: Beds) -> bool {
    let wards = beds.0 / ward.0;
    (wards - wards.round()).abs() <= SLACK * wards.max(1.0)
}

fn none_of(ward: Beds) -> String {
    if ward.0 > 1.0 { format!("no multiple of {}", ward.0) } else { "no whole number".to_owned() }
}

fn place(origin: &Origin) -> Location {
    let line = u32::try_from(origin.line).unwrap_or(u32::MAX);
    Location::line(&Arc::from(origin.file.as_str()), line)
}
