//! What each compiled table is, where it comes from and what was done to it: the facts of the README.

/// How a table came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// The file or files.
    pub table: &'static str,
    /// What was published, by whom.
    pub source: &'static str,
    /// The period it speaks of.
    pub year: &'static str,
    /// The licence of the source.
    pub licence: &'static str,
    /// What is derived, and how.
    pub derived: &'static str,
}

const OGL: &str = "OGL v3.0";

/// One entry for each table, in the order of the README.
pub const FACTS: &[Fact] = &[
    Fact {
        table: "sites.csv",
        source: "NHS Digital, Estates Returns (ERIC) 2014-15, acute trusts and their successors; places from NHS Choices",
        year: "2014-15; trusts as in December 2019",
        licence: OGL,
        derived: "Names put into readable case. `commissioner` is the STP of 2017 and `icb` the ICB of 2022 of the nearest \
            LSOA. All sites are `acute`: their general and acute beds are what KH03 counts. `group` names the four \
            hospital groups of several trusts that were looked up (reference/hospital_groups.csv, with sources; there were \
            more); `smallest_beds` and `largest_beds` are left blank. 13 small sites (386 beds) without a known place are left out, and their beds \
            spread over the other sites of their trust; openings and closures between 2015 and 2019 are not reflected.",
    },
    Fact {
        table: "trusts.csv",
        source: "NHS England, KH03 overnight beds; ONS and NHS lookups",
        year: "October to December 2019",
        licence: OGL,
        derived: "Nothing but the readable names and `occupancy` (occupied ÷ available, unrounded). 145 acute trusts; 56 mainly \
            community and mental-health providers with 2,037 general and acute beds are left out. `flow_trust` is the code \
            in the flow table, `trust_2022` the code after the mergers up to 2022.",
    },
    Fact {
        table: "beds.csv",
        source: "NHS England, KH03; NHS Digital, ERIC 2014-15",
        year: "October to December 2019",
        licence: OGL,
        derived: "**Derived.** KH03 counts beds by trust, and occupied beds by trust and specialty; nobody publishes beds by site \
            or available beds by specialty. A site has the share of its trust's beds that it had of the trust's ERIC beds \
            of 2014-15 (all kinds), the same in every specialty, and available beds follow the specialty mix of occupied \
            beds. So every site and specialty of a trust has the trust's occupancy. Sums by trust are those of KH03.",
    },
    Fact {
        table: "specialties.csv, specialty_groups.csv",
        source: "NHS England, KH03 consultant main specialties",
        year: "October to December 2019",
        licence: OGL,
        derived: "Codes with at least 1% of occupied beds stand alone; the others are grouped as `specialty_groups.csv` says, with \
            the reason. An empty `specialty` there means: not general and acute. `family`, `emergency_share` and \
            `carries_delay` are judgements, to be replaced by local figures.",
    },
    Fact {
        table: "commissioners.csv, icbs.csv",
        source: "ONS lookups of April 2017 and of 2022",
        year: "2017; 2022",
        licence: OGL,
        derived: "Nothing. The 44 STPs are the commissioners; the 42 ICBs are kept as a second column of areas, sites and trusts.",
    },
    Fact {
        table: "<areas>/areas.csv.gz, <areas>/population.csv.gz",
        source: "ONS, small-area population estimates and population-weighted centroids; MHCLG, Index of Multiple Deprivation",
        year: "mid-2019; IMD 2019; LSOA and MSOA of 2011, authorities of 2021",
        licence: OGL,
        derived: "Everything is added up from LSOAs. Places are means weighted by population. An area belongs to the council, \
            commissioner, ICB and region in which most of its people live (18 districts and 16 MSOAs straddle STPs). \
            `deprivation_decile` 1 is the most deprived: as published for LSOAs, a ranking of published scores for MSOAs, \
            a ranking of the population-weighted mean MSOA score for districts.",
    },
    Fact {
        table: "rates.csv",
        source: "NHS Digital, hospital episodes by age, acute trusts; KH03 by specialty",
        year: "2017-18; October to December 2019",
        licence: OGL,
        derived: "**Derived.** Two margins are known: occupied beds by specialty, and bed use by age (episodes × mean stay, scaled to \
            occupied general and acute beds; it includes maternity, which overstates ages 20 to 39). The inside is fitted \
            to both by iterative proportional fitting, from a start that says who uses a specialty: children's wards under \
            18, geriatric wards from 65 and mostly from 75, adult medicine and some surgery from 18 (a little from 16), \
            gynaecology adult women, everything else all ages. The rates are those of the least deprived tenth: people × \
            rate × factor of `deprivation_gradient.csv` gives the expected need.",
    },
    Fact {
        table: "deprivation_gradient.csv",
        source: "Emergency admissions by age and deprivation in one English area (BMJ); at 67 and over the most deprived fifth has \
            1.39 times the rate of the least",
        year: "2010s",
        licence: "fact",
        derived: "An assumption: linear over the ten deciles of the LSOA, from 1.0 to 1.4, the same for every specialty and age.",
    },
    Fact {
        table: "<areas>/need_revealed.csv.gz",
        source: "Public Health England, catchment populations of acute trusts (as in github.com/britishredcrosssociety/geographr); \
            KH03; the rates above",
        year: "flows 2018; beds October to December 2019",
        licence: OGL,
        derived: "**Derived.** What is used today. The occupied beds of each trust and specialty are given to LSOAs in proportion to \
            people × rate × the share of their MSOA's admitted patients who go to the trust. So each trust's need sums to its \
            KH03 occupied beds. Flow shares are of all admissions, so they cannot tell which specialty people travel for. \
            Trusts that had merged by mid-2021 stand in the flow table under one code: rows of the same pair are added up, \
            and the flow is split by available beds (13 trusts, 6 codes). Moorfields, which has no beds here, is left out, \
            and the shares of an MSOA are made to sum to one.",
    },
    Fact {
        table: "<areas>/need_expected.csv.gz",
        source: "as `rates.csv` and `deprivation_gradient.csv`",
        year: "as above",
        licence: OGL,
        derived: "**Derived.** What age and deprivation lead one to expect: people × rate × deprivation factor by LSOA, with the \
            national specialty mix. Its difference from `need_revealed` is what the field calls unwarranted variation, but also \
            holds what the rates do not know: coding habits of trusts, and care across the border with Wales and Scotland.",
    },
    Fact {
        table: "<areas>/flows.csv.gz",
        source: "as `need_revealed`",
        year: "2018; October to December 2019",
        licence: OGL,
        derived: "**Derived.** The share of an area's occupied beds (all specialties) at each site: the trust's share by the revealed \
            need, over its sites by their beds. Trusts below 0.5% of an area's beds are dropped and the rest made to sum to \
            one; that takes up to 29% from a few small specialist hospitals which draw from everywhere.",
    },
    Fact {
        table: "delays.csv, delays_by_trust.csv",
        source: "NHS England, delayed transfers of care (national), and patients with no criteria to reside (by trust)",
        year: "December 2019 to February 2020; winters 2022-23 to 2024-25 for the pattern between trusts",
        licence: OGL,
        derived: "**Derived.** Nobody publishes delays by council and specialty. National level: the mean of the three months, all \
            delayed beds, non-acute ones included (acute ones alone are about two thirds). Between trusts: in proportion to \
            the mean December to February number of patients with no criteria to reside, under the trust's code of 2022 or \
            of its successor; trusts behind one code share by occupied beds, and trusts without a series get the mean rate \
            on their occupied beds. Within a trust: in proportion to occupied beds of the specialties that carry delay (not \
            paediatrics, not gynaecology). To councils: each occupied bed of the revealed need carries its trust's rate \
            to the council where its patient lives, so that delay never exceeds need.",
    },
    Fact {
        table: "councils.csv, social_care.csv",
        source: "NHS Digital, adult social care finance return; Department for Education, section 251 outturn; NHS Digital, personal \
            social services expenditure",
        year: "adults 2016-17, children 2013-14, the split of working-age adults 2014-15",
        licence: OGL,
        derived: "Cash of the year named, not uprated. `children`: looked after, safeguarding and family support. Adults: gross current \
            expenditure; what is published without an age is spread over the ages in proportion; working-age spend is split \
            into `learning_disability` and `physical_disability_mental_health` (all other support) by the council's shares \
            of 2014-15. Northamptonshire's share serves both successors, Bournemouth and Poole are added up. \
            `budget_gbp` is the sum of the four services. Isles of Scilly publishes no adult spend: it gets Cornwall's \
            spend a head, marked `estimated`.",
    },
    Fact {
        table: "boundaries/*.geojson",
        source: "ONS and OS outlines, simplified",
        year: "2011 to 2022",
        licence: "OGL v3.0; contains OS data © Crown copyright and database right, and National Statistics data © Crown copyright and database right",
        derived: "Regions, commissioners and councils are dissolved from simplified MSOA outlines, so joins may show slivers. Four \
            decimals of a degree; properties `code` and `name`. Isles of Scilly has no outline.",
    },
    Fact {
        table: "<areas>/travel_times.csv.gz, travel_edges.csv.gz, travel_nodes.csv.gz",
        source: "Car minutes from LSOAs to 125 hospitals, routed on OpenStreetMap and calibrated to a commercial route planner \
            (github.com/samuel-book/stroke_unit_demographics)",
        year: "2022",
        licence: "MIT (matrix); OpenStreetMap data under the ODbL",
        derived: "Known pairs are as published, averaged over the people of an area; the edges between areas are inferred from them. \
            Isles of Scilly has no road: its pairs fall back on the great-circle distance.",
    },
];
