//! Constraints, one function for each family. The folder listing is the list of what the model can say.

pub mod agreements;
pub mod beds;
pub mod demand;
pub mod equity;
pub mod holds;
pub mod moves;
pub mod sites;
pub mod social_care;
pub mod tie_break;
