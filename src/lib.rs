//! bedalloc: where new hospital beds leave the least need unmet, with proof and with reasons.

pub mod cli;
pub mod domain;
pub mod formulation;
pub mod import;
pub mod input;
pub mod insight;
pub mod lp;
pub mod network;
pub mod pipeline;
pub mod report;
pub mod solution;
pub mod solver;
pub mod verify;
