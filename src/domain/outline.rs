//! Outlines of places, for maps. No figure of the model depends on them.

use super::place::Place;

/// A kind of place with the outlines of all of that kind.
#[derive(Debug, Clone, PartialEq)]
pub struct OutlineLayer {
    /// The file's name without its ending, for example `regions`.
    pub name: String,
    /// The outlines, in order of code.
    pub outlines: Vec<Outline>,
}

/// The outline of a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// Code of the place, as in the other tables.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Its parts. Of each part the first ring is the outer line and the others are holes; rings end where they begin.
    pub parts: Vec<Vec<Vec<Place>>>,
}
