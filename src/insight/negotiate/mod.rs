//! Negotiation: what beds are worth to a region, who pays for a concession, and the ledger of offers.
//!
//! Nothing here solves: answers come from whoever can ([`value::Oracle`], [`outcome::Outcome`]). The definitions are
//! in `docs/negotiation.md`.

pub mod concession;
pub mod curve;
pub mod finding;
pub mod ledger;
pub mod outcome;
pub mod value;
pub mod words;
