//! Prevention programmes.

use super::amounts::{report_twice, specialty_of};
use super::registers::Specialties;
use crate::domain::ids::ProgrammeId;
use crate::domain::index::Register;
use crate::domain::system::Programme;
use crate::domain::units::{Pounds, Proportion};
use crate::domain::{ProgrammeIx, SpecialtyIx};
use crate::input::codes;
use crate::input::model_file::ModelFile;
use crate::input::row::CellLimits;
use crate::input::table::Reading;
use crate::input::tables;
use std::collections::BTreeMap;

/// Reads the programmes: a row for each specialty in which one prevents need. Its cost is that of the whole
/// programme and the same in each of its rows.
pub fn read(
    model: &ModelFile,
    reading: &mut Reading,
    specialties: &Specialties,
) -> Register<ProgrammeId, ProgrammeIx, Programme> {
    let wanted = model.measures.prevention.is_some();
    let there = reading.folder.has(&tables::PROGRAMMES);
    if wanted && !there {
        reading.note(codes::NOTE_PART_OFF, "no `programmes.csv`: the model's `prevention` is off");
    }
    if there && !wanted {
        let text = "the model has no `prevention`: the programmes of `programmes.csv` are not rolled out";
        reading.note(codes::NOTE_PART_OFF, text);
    }
    let mut programmes: BTreeMap<ProgrammeId, Programme> = BTreeMap::new();
    let mut prevented: BTreeMap<SpecialtyIx, f64> = BTreeMap::new();
    let Some(table) = reading.open_if_there(&tables::PROGRAMMES) else { return Register::new(programmes) };
    reading.each(table, |row, faults| {
        let specialty: Option<SpecialtyIx> = specialty_of(row, 1, specialties, faults);
        let share = row.number(2, CellLimits::SHARE, faults).unwrap_or(0.0);
        let cost = row.number(3, CellLimits::up_to(1e7), faults).unwrap_or(0.0);
        let Some(id) = row.id(0, ProgrammeId::new, faults) else { return };
        let per_head = Pounds(cost / 1000.0);
        let name = Some(row.text(4).into_owned()).filter(|name| !name.is_empty());
        let programme = programmes.entry(id.clone()).or_insert_with(|| Programme {
            name: name.unwrap_or_else(|| id.to_string()),
            prevented: BTreeMap::new(),
            cost_per_head: per_head,
        });
        if (programme.cost_per_head.0 - per_head.0).abs() > 1e-12 {
            let first = crate::input::tidy(programme.cost_per_head.0 * 1000.0);
            let cause = format!("programme `{id}` cost £{first} for 1,000 people in an earlier row");
            let cure = "write the cost of the whole programme, the same in each of its rows";
            faults.add(codes::PROGRAMME_COST, row.at(3), cause, cure);
        }
        let Some(specialty) = specialty else { return };
        if programme.prevented.insert(specialty, Proportion(share)).is_some() {
            report_twice(row, faults);
        }
        let sum = prevented.entry(specialty).or_insert(0.0);
        *sum += share;
        if *sum > 1.0 + 1e-9 {
            let (all, name) = (crate::input::tidy(*sum), row.text(1));
            let cause = format!("the programmes so far prevent {all} of the need for specialty `{name}`");
            let cure = "lower `prevented_share`: all programmes together prevent at most 1";
            faults.add(codes::PREVENTED_ABOVE_ALL, row.at(2), cause, cure);
        }
    });
    Register::new(programmes)
}
