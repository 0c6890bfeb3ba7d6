//! Whole beds: which decisions come in whole numbers.

use super::Formulation;
use super::keys::VariableKey;
use crate::domain::moves::Choice;
use crate::domain::system::CareSystem;
use crate::lp::ColumnIx;

/// Whether a decision is about acute beds: new ones, or beds moved, converted or closed.
pub fn decides_beds(key: VariableKey) -> bool {
    use VariableKey as V;
    matches!(
        key,
        V::NewBeds(_)
            | V::BedsIn(_)
            | V::BedsOut(_)
            | V::ConvertedTo(_)
            | V::ConvertedFrom(_)
            | V::ClosedBeds(_)
    )
}

/// Whether a decision comes in whole beds or wards, where the model asks for that: new, in, out, to, from and close, but
/// not what closes with a whole site, which is all that is there.
pub fn comes_whole(system: &CareSystem, key: VariableKey) -> bool {
    let goes = |site| system.choice_on(site).is_some_and(|choice| choice.choice == Choice::MayClose);
    let with_site = matches!(key, VariableKey::ClosedBeds(closed) if goes(closed.site));
    decides_beds(key) && !with_site
}

impl Formulation {
    /// Makes decisions on beds integer, see [`comes_whole`]. Wards of several beds would need columns of their own.
    pub fn set_whole_beds(&mut self, system: &CareSystem) {
        for (column, key) in self.variables.further() {
            if comes_whole(system, key) {
                self.program.set_integer(ColumnIx(column as u32));
            }
        }
    }
}
