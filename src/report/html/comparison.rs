//! The page of two or more results side by side.

use super::error::PageError;
use super::shell;
use crate::domain::number::{grouped, percent};
use crate::insight::compare::{Comparison, Line};
use minijinja::{Value as Context, context};

/// The page of a comparison.
///
/// # Errors
/// When the page's own template is wrong.
pub fn page(of: &Comparison) -> Result<Vec<u8>, PageError> {
    let _ = (of, line as fn(&Line) -> Context);
    shell::lay_out("comparison.html", &context! {}, None)
}

fn line(of: &Line) -> Context {
    let shown = |value: &Option<f64>| match (value, of.unit.as_str()) {
        (None, _) => "–".to_owned(),
        (Some(value), "share") => percent(*value),
        (Some(value), _) => grouped(*value, 1),
    };
    context! {
        what => &of.what,
        unit => &of.unit,
        values => of.values.iter().map(shown).collect::<Vec<_>>(),
    }
}
