//! Constraints, one function for each family. The folder listing is the list of what the model can say.

pub mod agreements;
pub mod bed_management;
pub mod beds;
pub mod demand;
pub mod equity;
pub mod holds;
pub mod money;
pub mod moves;
pub mod precedence;
pub mod prevention;
pub mod risk;
pub mod sites;
pub mod social_care;
pub mod step_down;
