//! Every key of the model file with its unit, limits, default and source, in one place.
//!
//! From this table come the checks of the model file, the defaults, `bedalloc schema` and
//! `docs/model-file.md`. Sources of the figures are public; what is a judgement says so.

/// A key of the model file.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Where it stands: `.` goes into a block, `*` is any name, `[]` an item of a list.
    pub path: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Unit of the value; empty when it has none.
    pub unit: &'static str,
    /// What holds when it is left out.
    pub default: Otherwise,
    /// What it means, and where the default comes from.
    pub means: &'static str,
}

/// What a key may hold.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Text: a name or an identifier.
    Text,
    /// One of some words.
    Word(&'static [&'static str]),
    /// A list of some words, each at most once.
    Words(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A number within limits.
    Number(Limits),
    /// A whole number within limits.
    Whole(Limits),
    /// A list of blocks; the keys of the blocks are keys of their own.
    Blocks,
}

/// Limits of a number, both allowed.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Least.
    pub least: f64,
    /// Most.
    pub most: f64,
    /// The unit that is often written by mistake.
    pub slip: Slip,
}

/// A unit that is often written by mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slip {
    /// None known.
    Unlikely,
    /// Per cent instead of a share.
    Percent,
    /// Seconds instead of minutes.
    Seconds,
    /// Thousands of pounds instead of pounds.
    Thousands,
}

/// What holds when a key is left out.
#[derive(Debug, Clone, Copy)]
pub enum Otherwise {
    /// It must be given.
    Required,
    /// Nothing is set; these words say what that means.
    Unset(&'static str),
    /// This value, as YAML.
    Value(&'static str),
}

use Kind::{Blocks, Flag, Text, Whole, Word, Words};
use Otherwise::{Required, Unset, Value};

const fn number(least: f64, most: f64, slip: Slip) -> Kind {
    Kind::Number(Limits { least, most, slip })
}
const SHARE: Kind = number(0.0, 1.0, Slip::Percent);
const OCCUPANCY: Kind = number(0.3, 1.0, Slip::Percent);
const MINUTES: Kind = number(0.0, 300.0, Slip::Seconds);
const BEDS: Kind = number(0.0, 1_000_000.0, Slip::Unlikely);
const MONEY: Kind = number(0.0, 1e11, Slip::Unlikely);

/// The terms of the objective, in the order in which they matter when nothing is said.
pub const TERMS: &[&str] = &["unmet", "inequality", "travel", "disruption", "cost"];

/// Blocks that are off as a whole when the model does not have them.
pub const OPTIONAL_BLOCKS: &[&str] = &[
    "social_care",
    "step_down",
    "prevention",
    "bed_management",
    "staff",
    "reallocation",
    "conversion",
    "closures",
];

/// Parts of the model that are agreed on but not built yet, and what to do without them.
pub const NOT_BUILT: &[(&str, &str)] =
    &[("periods", "write `waves`: a list of waves with a name, years and new beds")];

macro_rules! keys {
    ($($path:literal: $kind:expr, $unit:literal, $default:expr, $means:literal;)+) => {
        /// All keys, in the order of the documentation.
        pub const KEYS: &[Key] = &[$(Key { path: $path, kind: $kind, unit: $unit, default: $default, means: $means }),+];
    };
}

keys! {
    "name": Text, "", Required, "What the model is called in results.";
    "extends": Text, "", Unset("the model stands alone"),
        "Another model file, relative to this one, that this one builds on: blocks are merged key by key, lists replaced, and `key: ~` takes a key away.";
    "data": Text, "", Required, "The folder of tables, relative to the file that says so.";
    "areas": Text, "", Unset("all tables are taken from the data folder itself"),
        "Which area tables: a folder inside the data folder (for example `district`, `msoa`, `lsoa`) whose tables go before those of the data folder.";
    "own_tables": Text, "", Unset("all tables are those of `data`"),
        "A folder of tables of this model's own, relative to the file that says so, which go before those of `data` and `areas`: what a scenario changes in the data.";
    "notes": Blocks, "", Unset("none"), "What readers of the results must know; told with every result.";
    "notes[].text": Text, "", Required, "The note.";
    "justifications": Text, "", Unset("`justifications.yaml` beside this file, where there is one"),
        "A file that says why places differ from the national standards (who, what, why, evidence), relative to the file that says so; see docs/benchmarks.md.";
    "need": Word(&["revealed", "expected"]), "", Value("revealed"),
        "Whose need: `revealed` is what people use today, `expected` what age and deprivation would let expect.";
    "growth": number(-0.2, 0.2, Slip::Percent), "share a year", Value("0.0"),
        "Growth of need from the year of the data. 1.5% a year was seen about 2000 and 4% was claimed in 2018; the default plans for today's need.";
    "specialty_growth.*": number(-0.2, 0.2, Slip::Percent), "share a year", Unset("the growth above"),
        "Another growth for a specialty.";
    "winter_factor": number(0.5, 2.0, Slip::Percent), "times", Unset("1: the mean of the year"),
        "Need in the season that is planned for, against the mean of the year. Quarters of the year lay between 0.976 and 1.029, the fourth highest.";
    "new_beds.total": BEDS, "beds", Value("2100"),
        "New beds to give out. The NHS Plan of 2000 set 2,100 general and acute beds.";
    "new_beds.must_spend": Flag, "", Value("true"), "Whether all of them must be given out.";
    "waves": Blocks, "", Unset("one wave, called `plan`, a year after the data"),
        "Several waves in order of time: new beds are given out wave by wave and stay.";
    "waves[].name": Text, "", Required, "What the wave is called in results.";
    "waves[].years": number(0.0, 100.0, Slip::Unlikely), "years", Unset("one more than the wave before; the first: 1"),
        "Years from the data's year to the wave, over which need grows.";
    "waves[].new_beds": BEDS, "beds", Unset("an equal part of what the other waves leave of `new_beds.total`"),
        "New beds given out in this wave; all waves together give out `new_beds.total`.";
    "scenarios": Blocks, "", Unset("need is taken as certain"),
        "Scenarios of need with their probabilities: beds are decided once, patients, unmet need and release follow in each.";
    "scenarios[].name": Text, "", Required, "What the scenario is called in results.";
    "scenarios[].probability": SHARE, "share", Required, "How likely it is; the probabilities add up to 1.";
    "scenarios[].need": number(0.1, 5.0, Slip::Percent), "times", Required, "Need in this scenario, against what is planned for otherwise.";
    "induced_demand.elasticity": number(0.0, 1.0, Slip::Percent), "share", Unset("0: need does not answer to beds"),
        "How much of the use of added beds is need that would not have been seen without them; studies find up to 0.4.";
    "induced_demand.specialties.*": number(0.0, 1.0, Slip::Percent), "share", Unset("the elasticity above"), "Another elasticity for a specialty.";
    "whole_beds": Flag, "", Value("false"),
        "Whether beds are given out, moved, converted and closed in whole numbers. The plan then keeps every limit and states how far it is at most from the best in fractions.";
    "ward_size": Whole(Limits { least: 1.0, most: 1000.0, slip: Slip::Unlikely }), "beds", Unset("1: single beds"),
        "Where `whole_beds` is true, they come in multiples of this.";
    "occupancy.cap": OCCUPANCY, "share", Value("0.82"),
        "Most of a site's beds that may be occupied on average. The NHS Plan of 2000 planned for 82%; 85%, 90% and 92% have been used since.";
    "occupancy.specialties.*": OCCUPANCY, "share", Unset("the cap above"), "Another cap for a specialty.";
    "occupancy.refusal_limit": number(0.000_1, 0.5, Slip::Percent), "share", Unset("pools are not looked at one by one"),
        "Most patients that the beds of a specialty at a site may refuse because they are full, by Erlang's loss formula: caps are tightened where the plan refuses more.";
    "occupancy.refusal_limits.*": number(0.000_1, 0.5, Slip::Percent), "share", Unset("the limit above"), "Another such limit for a specialty.";
    "reach.limit_minutes": MINUTES, "minutes", Value("45"),
        "Longest journey one way. No official limit exists; 45 minutes is a judgement.";
    "reach.specialties.*": MINUTES, "minutes", Unset("the limit above"), "Another limit for a specialty.";
    "reach.free_minutes": MINUTES, "minutes", Value("20"), "Travel up to here weighs nothing (a judgement).";
    "reach.steep_after_minutes": MINUTES, "minutes", Value("40"), "Travel beyond here weighs more (a judgement).";
    "reach.steep_factor": number(1.0, 100.0, Slip::Unlikely), "times", Value("2"), "How many times more (a judgement).";
    "reach.nearest_sites": Whole(Limits { least: 1.0, most: 10_000.0, slip: Slip::Unlikely }), "sites", Unset("all sites in reach"),
        "Only so many nearest sites that offer the specialty.";
    "sites.growth_limit": number(0.0, 10.0, Slip::Percent), "share", Unset("sites may grow without limit"),
        "Most new beds of a site, as a share of its beds today.";
    "social_care.pooled_fund": number(0.0, 1e11, Slip::Unlikely), "£ a year", Value("0"),
        "NHS money that may be given to councils, all councils together.";
    "social_care.floors.*": SHARE, "share", Unset("1: all of today's spend"),
        "Least share of today's spend that a service keeps. The duties are legal ones without a published minimum, so a floor is a judgement.";
    "social_care.releasing_service": Text, "", Value("older_people"), "The service whose spend releases delayed beds.";
    "social_care.touchable_share": SHARE, "share", Value("0.42"),
        "Share of delay that social care can touch: 42% of delays in September 2016 lay with social care or with both.";
    "social_care.irreducible_share": SHARE, "share", Value("0.35"),
        "Share of delay that nobody can release: the target of 2003 was 2,000 to 2,500 of some 6,500 delayed patients.";
    "social_care.discharge_curve": Blocks, "", Value("[{share: 0.333, cost: 70}, {share: 0.333, cost: 150}, {share: 0.334, cost: 340}]"),
        "What release costs, cheapest step first. £67 a day of other care and £304 a hospital day follow from the National Audit Office's figures of 2016; the split into thirds is a judgement.";
    "social_care.discharge_curve[].share": SHARE, "share", Required, "Share of the deliverable delay that this step releases; the shares add up to 1.";
    "social_care.discharge_curve[].cost": number(0.01, 100_000.0, Slip::Unlikely), "£ a delayed bed-day", Required, "What releasing a delayed bed-day costs; never less than in the step before.";
    "regions.*.min": BEDS, "beds", Unset("no floor"), "Least new beds of a region.";
    "regions.*.max": BEDS, "beds", Unset("no ceiling"), "Most new beds of a region.";
    "regions.*.why": Text, "", Unset("no reason is given"), "The reason, for those who read the model.";
    "commissioners.*.min": BEDS, "beds", Unset("no floor"), "Least new beds of a commissioner.";
    "commissioners.*.max": BEDS, "beds", Unset("no ceiling"), "Most new beds of a commissioner.";
    "commissioners.*.why": Text, "", Unset("no reason is given"), "The reason, for those who read the model.";
    "trusts.*.min": BEDS, "beds", Unset("no floor"), "Least new beds of a trust.";
    "trusts.*.max": BEDS, "beds", Unset("no ceiling"), "Most new beds of a trust.";
    "trusts.*.why": Text, "", Unset("no reason is given"), "The reason, for those who read the model.";
    "reallocation.scope": Word(&["trust", "group", "commissioner", "region", "nation"]), "", Value("commissioner"),
        "Among which sites beds move, each keeping its specialty. `group` is the hospital group in the table of sites; a trust without one is its own group.";
    "reallocation.limit": SHARE, "share", Value("0.05"),
        "Most that leaves in a period, as a share of a site's beds of a specialty before it (5% is an assumption).";
    "reallocation.cost_per_bed": number(0.0, 10_000_000.0, Slip::Unlikely), "£", Unset("`costs.capital_per_bed`"),
        "To move a bed, once: its place at the other site. When left out, what a new bed's place costs (an assumption).";
    "conversion.limit": SHARE, "share", Value("0.10"),
        "Most beds of a specialty that go to others of its family at the site in a period, as a share of those before it (10% is an assumption).";
    "conversion.cost_per_bed": number(0.0, 10_000_000.0, Slip::Unlikely), "£", Value("20000"), "To convert a bed, once (an assumption).";
    "protected": Blocks, "", Unset("no beds are protected"), "Beds that neither go to another site nor close.";
    "protected[].site": Text, "", Required, "The site.";
    "protected[].specialty": Text, "", Unset("all beds of the site stay there, but may be converted"),
        "The specialty, whose beds then stay both at the site and in the specialty.";
    "protected[].why": Text, "", Required, "The reason, for those who read the results.";
    "closures.limit": SHARE, "share", Value("0.0"),
        "Most beds of a specialty at a site that close in a period, as a share of those before it, where the site stays open.";
    "closures.precedence": Flag, "", Value("false"),
        "Whether beds of a commissioner's sites close only as far as release, prevention and step-down beds have taken the pressure off its people's beds in the wave before.";
    "closures.sites": Blocks, "", Unset("no site closes as a whole"), "Sites that may close as a whole, for good.";
    "closures.sites[].site": Text, "", Required, "The site.";
    "closures.sites[].fixed_cost": number(0.0, 1e11, Slip::Unlikely), "£ a year", Required,
        "What the site costs while it is open, whatever its size.";
    "openings": Blocks, "", Unset("no site opens"),
        "Sites that may open: they stand in the table of sites, with their largest size, and have a row of no beds for each specialty that they would offer.";
    "openings[].site": Text, "", Required, "The site.";
    "openings[].fixed_cost": number(0.0, 1e11, Slip::Unlikely), "£ a year", Required,
        "What the site costs once it is open, whatever its size.";
    "pins": Blocks, "", Unset("nothing is fixed"), "New beds fixed at a site.";
    "pins[].site": Text, "", Required, "The site.";
    "pins[].specialty": Text, "", Unset("the site's total is fixed"), "The specialty.";
    "pins[].beds": BEDS, "beds", Required, "New beds, exactly.";
    "pins[].why": Text, "", Required, "The reason, for those who read the results.";
    "objective.priorities": Words(TERMS), "", Value("[unmet, inequality, travel, disruption, cost]"),
        "Terms one after another: each is held while the next is optimised. Not together with `weights`.";
    "objective.weights.*": number(0.0, 1e12, Slip::Unlikely), "a unit of the term", Unset("`priorities` are used"),
        "Terms in one weighted sum, each weight by the unit of its term.";
    "objective.tolerances.*": number(0.0, 1e12, Slip::Unlikely), "unit of the term", Unset("0: later terms give up nothing of it"),
        "How much of a term later terms may give up; of inequality, how far every group may rise above its round's worst share.";
    "objective.equity_groups": Word(&["region", "commissioner", "deprivation_quintile"]), "", Value("region"),
        "Among whom unmet need is shared fairly.";
    "objective.leximin": Flag, "", Value("true"), "After the worst-off group the next worst, and so on.";
    "objective.tie_break": Word(&["need_share", "none"]), "", Value("need_share"),
        "How equally good plans are told apart: `need_share` takes the one nearest to each site's share of need.";
    "objective.worst_tail": number(0.001, 1.0, Slip::Percent), "share", Unset("unmet need is the mean of all scenarios"),
        "With `scenarios`: the unmet term is the mean of the worst scenarios that make up this part of the probability (CVaR).";
    "objective.tail_weight": SHARE, "share", Unset("0.99"),
        "With `worst_tail`: the weight of the worst scenarios; the mean of all has the rest. A little of it (an assumption) keeps the plan from leaving need unmet for nothing in milder scenarios.";
    "objective.deprivation_weight.most_deprived": number(0.1, 10.0, Slip::Unlikely), "times", Value("1.0"),
        "Weight of unmet need in the most deprived tenth of areas; 1 in the least deprived, even steps between.";
    "objective.urgency.*": number(0.0, 100.0, Slip::Unlikely), "times", Unset("1"), "Weight of unmet need of a specialty.";
    "costs.capital_per_bed": number(10_000.0, 10_000_000.0, Slip::Thousands), "£", Value("278000"),
        "To build a bed, once: £250m for 900 beds announced in 2023.";
    "costs.capital_life_years": number(1.0, 200.0, Slip::Unlikely), "years", Value("40"),
        "Years over which a building is written off (an assumption).";
    "costs.revenue_per_bed_day": number(10.0, 10_000.0, Slip::Unlikely), "£", Value("300"),
        "A staffed bed-day: an excess bed-day cost £313 in 2016-17.";
    "step_down.eligible.*": SHARE, "share", Unset("0: none of it"),
        "Share of a specialty's need that a step-down bed can take. The National Beds Inquiry of 2000 thought 20% of older people's bed-days avoidable, at most 30%.";
    "step_down.substitution": number(0.1, 2.0, Slip::Percent), "acute days a step-down day", Value("0.8"),
        "Acute days that a day in a step-down bed replaces (an assumption between 0.5 and 1; a trial in Trondheim found no fewer days in all).";
    "step_down.occupancy": OCCUPANCY, "share", Value("0.9"), "Most of a community site's beds that may be occupied on average (an assumption).";
    "step_down.new_beds": BEDS, "beds", Value("0"),
        "Most step-down beds that may be opened over the whole plan. They are no general and acute beds and no part of `new_beds`; the NHS Plan of 2000 set 5,000.";
    "step_down.cost_per_bed_day": number(1.0, 10_000.0, Slip::Unlikely), "£", Value("150"),
        "A staffed step-down bed-day, building included: half of a hospital bed-day (an assumption).";
    "step_down.service": Text, "", Unset("only the NHS pays, out of the pooled fund where there is one"),
        "The social-care service under which councils may pay for step-down beds at the community sites that name them. It keeps all of today's spend.";
    "prevention.budget": MONEY, "£ a year", Unset("no limit"), "Most that all programmes together may cost in a period.";
    "prevention.ramp": SHARE, "share", Value("1.0"), "Most that a roll-out may grow in one period; it never falls.";
    "bed_management.limit": number(0.0, 0.5, Slip::Percent), "share", Value("0.15"),
        "Most of a site's room that shorter stays may free, as a share of its beds. Central Middlesex cut its stock by 10 to 20% in the 1990s.";
    "bed_management.cost_per_bed_day": number(0.0, 10_000.0, Slip::Unlikely), "£", Value("50"), "A bed-day freed by shorter stays (an assumption).";
    "bed_management.budget": MONEY, "£ a year", Unset("no limit"), "Most that shorter stays may cost in a period, all sites together.";
    "money.capital": MONEY, "£", Unset("no limit"), "Most that may be built for in a period.";
    "money.revenue": MONEY, "£ a year", Unset("no limit"),
        "Most that the NHS may spend a year beyond today: running new beds, pooled money given to councils, step-down beds it pays for, prevention and shorter stays.";
    "money.periods.*.capital": MONEY, "£", Unset("as in every period"),
        "The same for one period, or for every scenario of a wave.";
    "money.periods.*.revenue": MONEY, "£ a year", Unset("as in every period"),
        "The same for one period, or for every scenario of a wave.";
    "staff.nurses_per_bed": number(0.1, 10.0, Slip::Unlikely), "nurses a bed", Value("1.1"),
        "Nurses, whole-time equivalents, that each open general and acute bed takes (an assumption).";
    "staff.regions.*.nurses": number(0.0, 1e7, Slip::Unlikely), "nurses", Unset("no limit"), "Nurses that a region has for these beds.";
    "staff.regions.*.nurses_per_bed": number(0.1, 10.0, Slip::Unlikely), "nurses a bed", Unset("the number above"), "Another number for a region.";
    "solver.name": Word(&["highs", "highs-decomposed", "highs-good-lp", "microlp", "clarabel"]), "", Value("highs"), "The engine.";
    "solver.threads": Whole(Limits { least: 1.0, most: 1024.0, slip: Slip::Unlikely }), "threads", Value("2"), "How many threads it may use.";
    "solver.time_limit_seconds": number(0.001, 1e9, Slip::Unlikely), "seconds", Unset("no limit"), "Longest time it may take.";
    "solver.gap": number(0.0, 1.0, Slip::Percent), "share", Value("0.0001"), "Gap at which a search for whole beds may stop.";
    "solver.method": Word(&["auto", "whole", "decomposed", "factorised"]), "", Value("auto"), "Whether programs are taken apart: `auto` goes by their size; `factorised` solves large ones whole, by an interior-point method with factorised equations (docs/interior-point.md).";
    "solver.algorithm": Word(&["choose", "simplex", "interior_point"]), "", Value("choose"), "How linear programs are solved.";
}

impl Key {
    /// The parts of the path: names, `*` and `[]`.
    pub fn parts(&self) -> Vec<&'static str> {
        let mut parts = Vec::new();
        for part in self.path.split('.') {
            let name = part.trim_end_matches("[]");
            parts.push(name);
            if name.len() < part.len() {
                parts.push("[]");
            }
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_fall_into_parts() {
        let pin = KEYS.iter().find(|key| key.path == "pins[].site").unwrap();
        assert_eq!(pin.parts(), ["pins", "[]", "site"]);
    }

    #[test]
    fn no_key_is_both_built_and_not_built() {
        for (name, _) in NOT_BUILT {
            assert!(KEYS.iter().all(|key| key.parts()[0] != *name), "{name}");
        }
    }
}
