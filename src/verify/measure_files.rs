//! The result files of what is done besides new acute beds.

use super::VerifyError;
use super::files::{period, position, read_if, stock};
use super::parameters::Parameters;
use super::table::Row;
use crate::domain::{CommissionerIx, ProgrammeIx, SiteIx};
use std::collections::BTreeMap;
use std::path::Path;

/// A row of `step_down.csv`.
#[derive(Debug, Clone, Copy)]
pub struct StepDownRow {
    /// Beds before the period.
    pub before: f64,
    /// Opened with NHS money.
    pub by_nhs: f64,
    /// Opened with the council's money.
    pub by_council: f64,
    /// Beds after the period.
    pub after: f64,
    /// Step-down beds occupied.
    pub occupied: f64,
    /// Acute need met there.
    pub replaced: f64,
    /// £ a year that the NHS pays for beds opened so far.
    pub nhs_cost: f64,
    /// The same of the council.
    pub council_cost: f64,
}

/// A row of `prevention.csv`.
#[derive(Debug, Clone, Copy)]
pub struct RollOutRow {
    /// How far.
    pub roll_out: f64,
    /// Need prevented.
    pub prevented: f64,
    /// £ a year.
    pub cost: f64,
}

/// A row of `bed_management.csv`.
#[derive(Debug, Clone, Copy)]
pub struct FreedRow {
    /// Occupied beds freed.
    pub freed: f64,
    /// £ a year.
    pub cost: f64,
}

/// What these files say; empty where a part is off.
#[derive(Debug, Default)]
pub struct MeasureRows {
    /// `step_down.csv` by period and site.
    pub step_down: BTreeMap<(usize, SiteIx), StepDownRow>,
    /// `prevention.csv` by period, programme and commissioner.
    pub roll_out: BTreeMap<(usize, ProgrammeIx, CommissionerIx), RollOutRow>,
    /// `bed_management.csv` by period and stock.
    pub freed: BTreeMap<(usize, usize), FreedRow>,
}

impl MeasureRows {
    /// Reads the files of the parts that the model has.
    pub fn read(folder: &Path, p: &Parameters) -> Result<Self, VerifyError> {
        let (system, policy) = (p.system, &p.system.policy);
        let by_site = |row: Row| Ok((period(row, p)?, position(row, "site", &system.sites)?));
        let by_programme = |row: Row| {
            let programme = position(row, "programme", &system.programmes)?;
            Ok((period(row, p)?, programme, position(row, "commissioner", &system.commissioners)?))
        };
        let by_stock = |row: Row| Ok((period(row, p)?, stock(row, p)?));
        let (step_down, prevention) = (policy.step_down.is_some(), policy.prevention.is_some());
        let freed = policy.bed_management.is_some();
        Ok(Self {
            step_down: read_if(step_down, folder, "step_down.csv", by_site, read_step_down)?,
            roll_out: read_if(prevention, folder, "prevention.csv", by_programme, read_roll_out)?,
            freed: read_if(freed, folder, "bed_management.csv", by_stock, read_freed)?,
        })
    }
    /// Room freed at a stock.
    pub fn freed_at(&self, period: usize, stock: usize) -> f64 {
        self.freed.get(&(period, stock)).map_or(0.0, |row| row.freed)
    }
    /// How far a programme is rolled out.
    pub fn roll_out_of(&self, period: usize, programme: ProgrammeIx, commissioner: CommissionerIx) -> f64 {
        self.roll_out.get(&(period, programme, commissioner)).map_or(0.0, |row| row.roll_out)
    }
    /// Step-down beds opened up to a period by who pays: the NHS, and councils, at the sites chosen.
    pub fn opened_until(&self, period: usize, chosen: impl Fn(SiteIx) -> bool) -> (f64, f64) {
        let rows = self.step_down.iter().filter(|((at, site), _)| *at <= period && chosen(*site));
        rows.fold((0.0, 0.0), |sum, (_, row)| (sum.0 + row.by_nhs, sum.1 + row.by_council))
    }
}

fn read_step_down(row: Row) -> Result<StepDownRow, VerifyError> {
    Ok(StepDownRow {
        before: row.number("beds_before")?,
        by_nhs: row.number("opened_by_nhs")?,
        by_council: row.number("opened_by_council")?,
        after: row.number("beds_after")?,
        occupied: row.number("occupied_beds")?,
        replaced: row.number("acute_beds_replaced")?,
        nhs_cost: row.number("nhs_cost_gbp")?,
        council_cost: row.number("council_cost_gbp")?,
    })
}

fn read_roll_out(row: Row) -> Result<RollOutRow, VerifyError> {
    Ok(RollOutRow {
        roll_out: row.number("roll_out")?,
        prevented: row.number("prevented_beds")?,
        cost: row.number("cost_gbp")?,
    })
}

fn read_freed(row: Row) -> Result<FreedRow, VerifyError> {
    Ok(FreedRow { freed: row.number("freed_beds")?, cost: row.number("cost_gbp")? })
}
