//! Need as age and deprivation lead one to expect it, whatever the model plans for: explanations set today's
//! use against it.

use super::faults::Faults;
use super::model_file::{ModelFile, NeedBasis};
use super::read::{amounts, registers};
use super::table::Reading;
use super::{Overrides, data_folder, extends, shape, tables};
use crate::domain::index::Grid;
use crate::domain::units::OccupiedBeds;
use crate::domain::{AreaIx, SpecialtyIx};
use std::path::Path;

/// Need by area and specialty.
pub type NeedGrid = Grid<AreaIx, SpecialtyIx, OccupiedBeds>;

/// Expected need by area and specialty in the data's year, occupied beds, in the positions of the care system that
/// [`super::load`] makes of the same model. `None` where the data have neither a table of it nor rates by age, or
/// where that table has a fault.
pub fn expected_need(model: &Path) -> Option<NeedGrid> {
    expected_need_with(model, &Overrides::default())
}

/// The same for a model that is loaded with overrides, as [`super::load_with`] does.
pub fn expected_need_with(model: &Path, overrides: &Overrides) -> Option<NeedGrid> {
    let mut faults = Faults::default();
    let mut inputs = Vec::new();
    let mut tree = extends::read(model, &mut faults, &mut inputs)?;
    overrides.apply(model, &mut tree);
    shape::check(&mut tree, &mut faults);
    shape::fill_in(&mut tree);
    let settings = ModelFile { need: NeedBasis::Expected, ..ModelFile::read(&tree) };
    let folder = data_folder(&settings, &mut faults)?;
    let mut reading = Reading { folder, faults, notes: Vec::new(), inputs };
    let rates = reading.folder.has(&tables::RATES) && reading.folder.has(&tables::POPULATION);
    if !rates && !amounts::has_need(&settings, &reading) {
        return None;
    }
    let areas = registers::read_areas(&mut reading)?;
    let specialties = registers::read_specialties(&mut reading)?;
    let need = amounts::read_need(&settings, &mut reading, &areas, &specialties)?;
    reading.faults.is_empty().then_some(need)
}
