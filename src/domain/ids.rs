//! Identifiers as the tables write them: text, one type for each kind of thing.

use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps text, trimmed of surrounding white space; `None` when nothing is left.
            pub fn new(text: &str) -> Option<Self> {
                let text = text.trim();
                (!text.is_empty()).then(|| Self(text.to_owned()))
            }
            /// The text as the user wrote it.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl Borrow<str> for $name { fn borrow(&self) -> &str { &self.0 } }
    )+};
}

ids! {
    /// A small area where people live (ONS code or name).
    AreaId;
    /// A hospital site (ODS site code).
    SiteId;
    /// A specialty (NHS main specialty or treatment function code, or a group of them).
    SpecialtyId;
    /// A conversion family of specialties.
    FamilyId;
    /// An NHS trust (ODS code).
    TrustId;
    /// A group (chain) of trusts.
    GroupId;
    /// A commissioner: health authority, STP or ICB.
    CommissionerId;
    /// A region.
    RegionId;
    /// A council with social-care responsibility.
    CouncilId;
    /// A social-care service on which a council spends.
    ServiceId;
    /// A prevention programme.
    ProgrammeId;
    /// A period of the plan (a year, or a wave).
    PeriodId;
}
