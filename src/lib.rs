//! bedalloc: where new hospital beds leave the least need unmet, with proof and with reasons.
//!
//! Data run one way: [`input`] (files to a checked care system) → [`network`] (who can reach what) →
//! [`formulation`] (the model in algebra) → [`solver`] (HiGHS and others behind one seam) → [`solution`]
//! (positions back to domain words) → [`report`] (bytes). [`pipeline`] is the glue, [`verify`] checks a
//! result without any of the code that found it, [`insight`] tells what a result means, [`import`] compiles
//! public files into tables, and [`cli`] is the only place that prints. [`domain`] and [`lp`] are the ground
//! they stand on.
//!
//! Start reading in `formulation/mod.rs`.

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
