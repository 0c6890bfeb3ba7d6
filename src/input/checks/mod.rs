//! What must hold across the whole; one small function for each rule, the code in its first line.

pub mod beds;
pub mod measures;
pub mod model;
pub mod money;
pub mod moves;
pub mod need;
pub mod pool;
pub mod whole_beds;

use super::model_file::ModelFile;
use super::read::Tables;
use super::table::Reading;
use crate::domain::system::CareSystem;
use crate::input::Demands;

/// Runs every check of the assembled system.
pub fn check(
    system: &CareSystem,
    model: &ModelFile,
    tables: &Tables,
    reading: &mut Reading,
    demands: Demands,
) {
    // Where rows are missing, sums and totals would only raise further alarms.
    if reading.faults.structural() {
        return;
    }
    need::check(system, model, tables, reading);
    beds::check(system, tables, reading);
    money::check(system, tables, reading);
    if demands == Demands::Checked {
        money::check_floors_fit_budgets(system, model, tables, reading);
    }
    measures::check(system, model, tables, reading);
    moves::check(system, model, reading);
    if reading.faults.is_empty() {
        pool::check(system, &mut reading.faults);
        if demands == Demands::Checked {
            pool::check_demands_fit(system, model, &mut reading.faults);
        }
        whole_beds::check(system, model, &mut reading.faults);
    }
}
