//! Public NHS files, and data returns, to model tables: what `bedalloc import` does.
//!
//! The raw files are read as published; the tables written are those of the data contract.
//! Nothing here knows the model, and the model knows nothing of the raw files.

pub mod croc_2018;
pub mod data_return;
pub mod england_2019;
mod error;
pub mod nhs_plan_2001;
pub mod tables;

pub use error::ImportError;
