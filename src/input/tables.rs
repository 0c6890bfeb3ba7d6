//! The shape of each table: its columns with their units. Further columns are allowed and not read.

/// A table of the data folder.
#[derive(Debug, Clone, Copy)]
pub struct TableShape {
    /// The name of the file without its ending.
    pub name: &'static str,
    /// What a row is.
    pub row: &'static str,
    /// The columns, in the order in which the code asks for them.
    pub columns: &'static [Column],
    /// What is off without the table; `None` when it must be there.
    pub without: Option<&'static str>,
}

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in the header; the unit is part of it.
    pub name: &'static str,
    /// Whether it must be there.
    pub required: bool,
}

const fn must(name: &'static str) -> Column {
    Column { name, required: true }
}
const fn may(name: &'static str) -> Column {
    Column { name, required: false }
}

macro_rules! tables {
    ($($shape:ident = $name:literal, $row:literal, $without:expr, [$($column:expr),+];)+) => {
        $(#[doc = concat!("`", $name, ".csv`: ", $row, ".")]
        pub const $shape: TableShape =
            TableShape { name: $name, row: $row, columns: &[$($column),+], without: $without };)+
        /// Every table that is read.
        pub const ALL: &[TableShape] = &[$($shape),+];
    };
}

tables! {
    AREAS = "areas", "a small area where people live", None,
        [must("area"), must("name"), must("longitude"), must("latitude"), must("population"), must("council"),
         must("commissioner"), must("region"), may("deprivation_decile")];
    SITES = "sites", "a hospital site", None,
        [must("site"), must("name"), must("trust"), may("group"), must("commissioner"), must("region"), must("kind"),
         must("longitude"), must("latitude"), may("smallest_beds"), may("largest_beds"), may("council")];
    BEDS = "beds", "beds of a specialty at a site today", None,
        [must("site"), must("specialty"), must("available_beds"), must("occupied_beds")];
    SPECIALTIES = "specialties", "a specialty", None,
        [must("specialty"), must("name"), must("family"), must("emergency_share")];
    NEED = "need", "need of an area for a specialty", None,
        [must("area"), must("specialty"), must("occupied_beds")];
    POPULATION = "population", "people of an age band in an area", None,
        [must("area"), must("age_band"), must("persons")];
    RATES = "rates", "need of an age band for a specialty", None,
        [must("specialty"), must("age_band"), must("occupied_beds_per_1000")];
    TRAVEL_NODES = "travel_nodes", "a junction of the travel graph", Some("the travel graph has no junctions of its own"),
        [must("node"), must("longitude"), must("latitude")];
    TRAVEL_EDGES = "travel_edges", "an edge of the travel graph", Some("no edges are given for the travel graph"),
        [must("from"), must("to"), must("minutes"), may("mode")];
    TRAVEL_TIMES = "travel_times", "the travel time of an area and a site", Some("no travel times are known"),
        [must("area"), must("site"), must("minutes"), may("source")];
    FLOWS = "flows", "share of an area's use that goes to a site", Some("today's flows are not known"),
        [must("area"), must("site"), may("specialty"), must("share")];
    COUNCILS = "councils", "a council with social-care responsibility", Some("councils have no budgets"),
        [must("council"), must("name"), must("region"), must("budget_gbp")];
    SOCIAL_CARE = "social_care", "what a council spends on a service", Some("social care is off"),
        [must("council"), must("service"), must("spend_gbp")];
    DELAYS = "delays", "beds held by patients fit to leave", Some("no bed can be released by social care"),
        [must("council"), must("specialty"), must("delayed_beds")];
    PROGRAMMES = "programmes", "a specialty in which a prevention programme prevents need", Some("nothing is prevented"),
        [must("programme"), must("specialty"), must("prevented_share"), must("cost_gbp_per_1000"), may("name")];
    TRUSTS = "trusts", "the name of a trust", Some("trusts go by their identifiers"), [must("trust"), must("name")];
    COMMISSIONERS = "commissioners", "the name of a commissioner", Some("commissioners go by their identifiers"),
        [must("commissioner"), must("name")];
    REGIONS = "regions", "the name of a region", Some("regions go by their identifiers"), [must("region"), must("name")];
}
