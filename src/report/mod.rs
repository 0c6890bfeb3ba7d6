//! A run's result as bytes: tables, JSON and text. Knows no solver, no screen and no clock.
//!
//! Everything here is a function of the care system and the result alone, so that the same input gives
//! the same bytes; whatever depends on the machine or the time of day goes through [`manifest`].

pub mod html;
pub mod manifest;
pub mod measures;
pub use crate::domain::number;
pub mod parquet;
pub mod prices;
pub mod specialties;
pub mod summary_json;
pub mod sums;
pub mod table;
pub mod tables;
pub mod text;
pub mod value_curves;
pub mod warnings;
pub mod workbook;

use crate::domain::policy::Term;
use crate::domain::system::CareSystem;
use crate::domain::units::BedMinutes;
use crate::pipeline::RunResult;
use sums::Sums;

/// A file of the result folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    /// Its name in the folder.
    pub name: &'static str,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What every report is written from: the result and the sums that several of them show.
#[derive(Debug)]
pub struct Report<'a> {
    system: &'a CareSystem,
    result: &'a RunResult,
    notes: &'a [String],
    sums: Sums,
}

impl<'a> Report<'a> {
    /// Adds up a result. `notes` are what the reader of the input had to say (parts that are off).
    /// O(flows + areas × specialties).
    pub fn new(system: &'a CareSystem, result: &'a RunResult, notes: &'a [String]) -> Self {
        Self { system, result, notes, sums: Sums::of(system, result) }
    }
    /// The travel term's two parts, patient-bed minutes: patients treated, and unmet need as if it went to
    /// the nearest site in reach. `None` where the model has no such term.
    fn travel_parts(&self) -> Option<(BedMinutes, BedMinutes)> {
        let whole = BedMinutes(*self.result.terms.get(&Term::Travel)?);
        let treated = self.sums.weighted_journeys;
        // A difference of rounding below zero is none.
        Some((treated, (whole - treated).max(BedMinutes::ZERO)))
    }
    /// Every file of the result folder but the manifest, in order of name. `resolved` is the text of
    /// the model with every default spelt out.
    pub fn files(&self, resolved: &str) -> Vec<ReportFile> {
        let file = |name, bytes| ReportFile { name, bytes };
        // The two large tables, side by side.
        let (flows, unmet) = rayon::join(|| tables::flows(self), || tables::unmet(self));
        let mut files = vec![
            file("allocation.csv", tables::allocation(self)),
            file("areas.csv", tables::areas(self)),
            file("commissioners.csv", tables::commissioners(self)),
            file("flows.csv.gz", flows),
            file("model.yaml", resolved.as_bytes().to_vec()),
            file("prices.csv", prices::prices(self)),
            file("regions.csv", tables::regions(self)),
            file("release.csv", tables::release(self)),
            file("social_care.csv", tables::social_care(self)),
            file("specialties.csv", specialties::specialties(self)),
            file("summary.json", summary_json::render(self).into_bytes()),
            file("trusts.csv", tables::trusts(self)),
            file("unmet.csv.gz", unmet),
        ];
        files.extend(measures::files(self));
        if self.result.sites.is_some() {
            files.push(file("sites.csv", tables::sites(self)));
        }
        if let Some(whole) = &self.result.whole_beds {
            files.push(file("bound_prices.csv", prices::bound_prices(self, whole)));
        }
        files.sort_by_key(|file| file.name);
        files
    }
}
