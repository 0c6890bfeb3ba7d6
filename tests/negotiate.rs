//! Negotiation: exact value curves, concessions, ranges, and a ledger that cannot be tampered with.

mod sketch;

use bedalloc::domain::policy::{Agreement, Combination, Level, Origin, Scope, Term};
use bedalloc::domain::system::CareSystem;
use bedalloc::domain::units::{Beds, OccupiedBeds, Proportion};
use bedalloc::domain::{Ix, RegionIx};
use bedalloc::formulation::demand_points::DemandPoints;
use bedalloc::formulation::keys::{ConstraintKey, NewBeds, VariableKey};
use bedalloc::formulation::{Parts, build};
use bedalloc::insight::negotiate::concession::concession;
use bedalloc::insight::negotiate::curve::Touch;
use bedalloc::insight::negotiate::outcome::Outcome;
use bedalloc::insight::negotiate::value::{End, Oracle, ValueCurve, value_curve};
use bedalloc::lp::{Bounds, ColumnIx, Outcome as Solved};
use bedalloc::network::TravelTimes;
use bedalloc::pipeline::negotiate::{
    Ground, KnownLevel, NearRange, NegotiationError, Present, PromisedPlan, Promises, Side, Standing, Talks,
    Worth, near_ranges, promised_plan,
};
use bedalloc::pipeline::result::LevelResult;
use bedalloc::pipeline::{RunResult, Silent};
use bedalloc::solution::LevelPrices;
use bedalloc::solution::members::constraint_name;
use bedalloc::solver::{Solver, SolverOptions, choose};
use proptest::prelude::*;
use sketch::{AreaSketch, SiteSketch, Sketch, area, plain_policy, site};

fn highs() -> Box<dyn Solver> {
    choose("highs", SolverOptions::default()).expect("a known solver")
}

/// Talks about one region, as the curve asks them.
struct Asking<'a, 'g>(&'a mut Talks<'g>, RegionIx);

fn touch(worth: Worth<OccupiedBeds>) -> Touch {
    Touch { value: worth.value.0, slope: worth.slope }
}

impl Oracle for Asking<'_, '_> {
    type Fault = NegotiationError;
    fn unmet(&mut self, beds: Beds) -> Result<Touch, NegotiationError> {
        self.0.least_unmet(self.1, beds).map(touch)
    }
    fn keep_best(&mut self, beds: Beds) -> Result<(), NegotiationError> {
        self.0.keep_best(self.1, beds)
    }
    fn worst_share(&mut self, beds: Beds) -> Result<Option<Touch>, NegotiationError> {
        let worst = self.0.worst_share(self.1, beds)?;
        Ok(worst.map(|worth| Touch { value: worth.value.0, slope: worth.slope }))
    }
    fn keep_fairest(&mut self, beds: Beds) -> Result<(), NegotiationError> {
        self.0.keep_fairest(self.1, beds)
    }
    fn own(&mut self, beds: Beds, end: End) -> Result<Touch, NegotiationError> {
        let side = if end == End::Least { Side::Least } else { Side::Most };
        self.0.own_unmet(self.1, beds, side).map(touch)
    }
}

fn ground(system: &CareSystem, times: &TravelTimes) -> Ground {
    let standing = &Standing::default();
    Ground::new(Present { system, times, standing }, &mut Silent)
}

fn plan(present: Present, promises: &Promises) -> Result<PromisedPlan, NegotiationError> {
    promised_plan(present, promises, &mut || choose("highs", SolverOptions::default()), &mut Silent)
}

fn curve_of(ground: &Ground, region: RegionIx) -> ValueCurve {
    let mut talks = Talks::new(ground, Promises::default(), highs());
    let ends = talks.ends(region).expect("the model has a plan");
    value_curve(ends, &mut Asking(&mut talks, region)).expect("every number between the ends has a plan")
}

fn outcome(plan: PromisedPlan) -> Outcome {
    let PromisedPlan { unmet, worst_share, travel, new_beds, region_beds, region_unmet } = plan;
    Outcome { unmet, worst_share, travel, new_beds, region_beds, region_unmet }
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-7 * a.abs().max(b.abs()).max(1.0)
}

/// Two regions that share nothing but the pool. North has 10 beds and needs 16, South 10 and 14, all to be had at
/// one hospital each; every bed can be full; six new beds must be given out.
fn two_islands() -> Sketch {
    Sketch {
        sites: vec![site("N", "North", &[("300", 10.0)]), site("S", "South", &[("300", 10.0)])],
        areas: vec![
            area("AN", "North", "C1", &[("300", 16.0)], &[("N", 10.0), ("S", 90.0)]),
            area("AS", "South", "C2", &[("300", 14.0)], &[("N", 90.0), ("S", 10.0)]),
        ],
        policy: plain_policy(6.0, 1.0),
        spend: Vec::new(),
        delays: Vec::new(),
    }
}

#[test]
fn the_curve_of_two_islands_is_the_one_found_by_hand() {
    // With b beds North leaves 6 − b unmet, and South, with 6 − b, max(0, 4 − (6 − b)) = max(0, b − 2).
    // England: 6 − b up to b = 2, where it is 4, and 4 from there on, as every further bed is needed in both.
    // Worst share: North's (6 − b)/16 until it meets South's (b − 2)/14, at 84 − 14 b = 16 b − 32, b = 58/15; there
    // both are 2/15. At b = 6 it is South's 4/14.
    let (system, times) = two_islands().build();
    let curve = curve_of(&ground(&system, &times), RegionIx::from_usize(0));
    let expected = [
        (0.0, 6.0, 6.0 / 16.0, 6.0),
        (2.0, 4.0, 4.0 / 16.0, 4.0),
        (58.0 / 15.0, 4.0, 2.0 / 15.0, 32.0 / 15.0),
        (6.0, 4.0, 4.0 / 14.0, 0.0),
    ];
    assert_eq!(curve.rows.len(), expected.len(), "{:?}", curve.rows);
    for (row, (beds, england, worst, own)) in curve.rows.iter().zip(expected) {
        let worst_share = row.worst_share.expect("regions have shares").0;
        assert!(close(row.beds.0, beds) && close(row.england_unmet.0, england), "{row:?}");
        assert!(close(worst_share, worst), "{row:?}");
        assert!(close(row.own_least.0, own) && close(row.own_most.0, own), "{row:?}");
    }
    let lowest = curve.lowest(|row| Some(row.england_unmet.0)).expect("rows");
    assert!(close(lowest.from.0, 2.0) && close(lowest.to.0, 6.0) && close(lowest.value, 4.0), "{lowest:?}");
    let halfway = curve.at(Beds(1.0)).expect("between the ends");
    assert!(close(halfway.england_unmet.0, 5.0) && close(halfway.own_least.0, 5.0), "{halfway:?}");
}

#[test]
fn where_the_rules_leave_no_choice_the_curve_is_one_point() {
    // Sites may grow by 30%, three beds each, so that each must get three of the six. North leaves 3, South 1.
    let mut sketch = two_islands();
    sketch.policy.growth_limit = Some(Proportion(0.3));
    let (system, times) = sketch.build();
    let curve = curve_of(&ground(&system, &times), RegionIx::from_usize(0));
    let [row] = curve.rows.as_slice() else { panic!("one row: {:?}", curve.rows) };
    assert!(
        close(row.beds.0, 3.0) && close(row.england_unmet.0, 4.0) && close(row.own_most.0, 3.0),
        "{row:?}"
    );
}

#[test]
fn a_concession_names_who_gains_who_pays_and_at_what_rate() {
    // The plan gives North 58/15 beds (above). With one more it leaves 1 less unmet and South 1 more: England loses
    // nothing, and the worst share becomes South's (58/15 + 1 − 2)/14 = 43/210.
    let (system, times) = two_islands().build();
    let north = RegionIx::from_usize(0);
    let standing = &Standing::default();
    let plan = |promises: Promises| {
        outcome(plan(Present { system: &system, times: &times, standing }, &promises).expect("a plan"))
    };
    let before = plan(Promises::default());
    let mut promises = Promises::default();
    promises.give(north, Beds(58.0 / 15.0 + 1.0));
    let after = plan(promises);
    let found = concession(&system, north, (&before, &after), None);
    let near = |a: f64, b: f64| (a - b).abs() < 1e-4;
    assert!(near(found.new_beds.before, 58.0 / 15.0) && near(found.new_beds.difference, 1.0));
    assert!(near(found.england_unmet.difference, 0.0));
    assert!(near(found.worst_share.expect("shares").after, 43.0 / 210.0), "{:?}", found.worst_share);
    let rates = found.per_bed.expect("beds change");
    assert!(near(rates.region_gains, 1.0) && near(rates.others_lose, 1.0) && near(rates.england_loses, 0.0));
    let south = &found.regions[1];
    assert!(near(south.new_beds.difference, -1.0) && near(south.unmet_beds.difference, 1.0), "{south:?}");
    let told = found.told.join("\n");
    for part in ["North gets 4.9 new beds in place of 3.9: 1.0 more.", "The beds come from South 1.0."] {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn more_beds_than_the_rules_allow_are_impossible() {
    let (system, times) = two_islands().build();
    let mut promises = Promises::default();
    promises.give(RegionIx::from_usize(0), Beds(7.0));
    let present = Present { system: &system, times: &times, standing: &Standing::default() };
    assert!(matches!(plan(present, &promises), Err(NegotiationError::Impossible)));
}

#[test]
fn the_least_change_from_a_plan_that_is_kept_is_none() {
    // Any plan of the two islands with 58/15 beds in North is the fairest; the beds it started from stay to the digit.
    let (system, times) = two_islands().build();
    let key = |position: usize| {
        let specialty = bedalloc::domain::SpecialtyIx::from_usize(0);
        let period = bedalloc::domain::PeriodIx::from_usize(0);
        NewBeds { site: bedalloc::domain::SiteIx::from_usize(position), specialty, period }
    };
    let beds = [(key(0).into(), 3.866_666_667), (key(1).into(), 2.133_333_333)].into();
    let standing = &Standing { beds, ..Standing::default() };
    let present = Present { system: &system, times: &times, standing };
    let plan = plan(present, &Promises::default()).expect("a plan");
    for (beds, expected) in plan.new_beds.values().zip([3.866_666_667, 2.133_333_333]) {
        assert!((beds.0 - expected).abs() < 1e-5, "{beds:?}");
    }
    assert!(present.keeps(&Promises::default()));
}

/// What talks take from a run.
fn standing_of(system: &CareSystem, result: &RunResult) -> Standing {
    let new = |(&(site, specialty, period), beds): (&_, &Beds)| {
        (VariableKey::from(NewBeds { site, specialty, period }), beds.0)
    };
    let level = |(level, prices): (&LevelResult, &LevelPrices)| KnownLevel {
        name: level.name,
        value: level.value,
        prices: prices.prices.iter().map(|&(key, price)| (constraint_name(system, key), price)).collect(),
    };
    Standing {
        beds: result.plan.new_beds.iter().map(new).collect(),
        levels: result.levels.iter().zip(&result.prices).map(level).collect(),
        ..Standing::default()
    }
}

const REGIONS: [&str; 3] = ["East", "North", "South"];

/// Care systems with 2 to 4 sites, 3 to 6 areas, 2 specialties, 3 regions.
fn sketches() -> impl Strategy<Value = Sketch> {
    let sites = prop::collection::vec((5.0..120.0f64, 5.0..60.0f64), 2..5);
    let areas =
        prop::collection::vec((1.0..80.0f64, 1.0..40.0f64, prop::collection::vec(5.0..70.0f64, 4)), 3..7);
    (sites, areas, 2.0..30.0f64).prop_map(|(sites, areas, pool)| {
        let round = |value: f64| (value * 10.0).round() / 10.0;
        let sites: Vec<SiteSketch> = sites
            .into_iter()
            .enumerate()
            .map(|(n, (a, b))| {
                site(&format!("S{n}"), REGIONS[n % 3], &[("100", round(a)), ("300", round(b))])
            })
            .collect();
        let areas: Vec<AreaSketch> = areas
            .into_iter()
            .enumerate()
            .map(|(n, (a, b, minutes))| {
                let need = [("100", round(a)), ("300", round(b))];
                let mut area = area(&format!("A{n}"), REGIONS[n % 3], &format!("C{}", n % 3), &need, &[]);
                area.minutes = sites.iter().zip(&minutes).map(|(s, m)| (s.id.clone(), round(*m))).collect();
                area
            })
            .collect();
        let policy = plain_policy(round(pool), 0.82);
        Sketch { sites, areas, policy, spend: Vec::new(), delays: Vec::new() }
    })
}

/// New beds of the region by a run of the whole model.
fn plan_beds(system: &CareSystem, sketch: &Sketch, region: RegionIx) -> f64 {
    let new = sketch.plan().plan.new_beds;
    new.iter().filter(|((site, ..), _)| system.sites[*site].region == region).map(|(_, beds)| beds.0).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn the_curve_is_what_a_direct_solve_finds_at_any_number_of_beds(sketch in sketches(), at in 0.0..1.0f64) {
        let (system, times) = sketch.build();
        let ground = ground(&system, &times);
        let region = RegionIx::from_usize(0);
        let curve = curve_of(&ground, region);
        let (first, last) = (curve.rows[0].beds, curve.rows[curve.rows.len() - 1].beds);
        let beds = first + (last - first) * at;
        let row = curve.at(beds).expect("between the ends");
        let mut talks = Talks::new(&ground, Promises::default(), highs());
        let direct = talks.least_unmet(region, beds).expect("a plan").value.0;
        prop_assert!(close(row.england_unmet.0, direct), "{row:?} against {direct}");
        talks.keep_best(region, beds).expect("a plan");
        let worst = talks.worst_share(region, beds).expect("a plan").expect("shares").value.0;
        prop_assert!(close(row.worst_share.expect("shares").0, worst), "{row:?} against {worst}");
        talks.keep_fairest(region, beds).expect("a plan");
        let own = [Side::Least, Side::Most].map(|side| talks.own_unmet(region, beds, side).expect("a plan").value.0);
        prop_assert!(close(row.own_least.0, own[0]) && close(row.own_most.0, own[1]), "{row:?} against {own:?}");
    }

    #[test]
    fn englands_curve_is_convex_and_lowest_at_the_plans_own_beds(sketch in sketches()) {
        let (system, times) = sketch.build();
        let region = RegionIx::from_usize(0);
        let curve = curve_of(&ground(&system, &times), region);
        let slopes: Vec<f64> = curve.rows.windows(2)
            .map(|pair| (pair[1].england_unmet - pair[0].england_unmet).0 / (pair[1].beds - pair[0].beds).0)
            .collect();
        for pair in slopes.windows(2) {
            prop_assert!(pair[1] >= pair[0] - 1e-5, "{slopes:?}");
        }
        let beds = plan_beds(&system, &sketch, region);
        let of_unmet = curve.lowest(|row| Some(row.england_unmet.0)).expect("rows");
        let room = 1e-3; // what the tie-break leaves open
        prop_assert!(of_unmet.from.0 - room <= beds && beds <= of_unmet.to.0 + room, "{beds}: {of_unmet:?}");
        let at_plan = curve.at(Beds(beds.clamp(of_unmet.from.0, of_unmet.to.0))).expect("a row");
        let fairest = curve.rows.iter()
            .filter(|row| close(row.england_unmet.0, of_unmet.value))
            .filter_map(|row| row.worst_share).map(|share| share.0).fold(f64::INFINITY, f64::min);
        prop_assert!((at_plan.worst_share.expect("shares").0 - fairest).abs() < 1e-4, "{at_plan:?}");
    }

    #[test]
    fn a_promised_plan_is_as_good_as_a_run_with_the_promise_in_the_model(
        sketch in sketches(),
        at in 0.0..1.0f64,
    ) {
        let (system, times) = sketch.build();
        let region = RegionIx::from_usize(0);
        let on = ground(&system, &times);
        let (least, most) = Talks::new(&on, Promises::default(), highs()).ends(region).expect("a plan");
        let beds = least + (most - least) * at;
        let mut promises = Promises::default();
        promises.give(region, beds);
        let known = standing_of(&system, &sketch.plan());
        let unknown = Standing { levels: Vec::new(), ..known.clone() };
        let [short, long] = [&known, &unknown].map(|standing| {
            plan(Present { system: &system, times: &times, standing }, &promises).expect("a plan")
        });
        let mut promised = sketch.clone();
        let (min, max) = (Some(beds), Some(beds));
        let origin = Origin { file: "sketch.yaml".into(), line: 1 };
        promised.policy.agreements.push(Agreement { scope: Scope::Region(region), min, max, origin });
        let run = promised.plan();
        let term = |term: Term| run.terms[&term];
        for plan in [&short, &long] {
            let near = |a: f64, b: f64| (a - b).abs() < 1e-5 * b.abs().max(1.0);
            prop_assert!(near(plan.unmet.0, term(Term::Unmet)), "{plan:?} {:?}", run.terms);
            prop_assert!(near(plan.worst_share.expect("shares").0, term(Term::Inequality)), "{plan:?} {:?}", run.terms);
            prop_assert!(near(plan.travel.expect("journeys").0, term(Term::Travel)), "{plan:?} {:?}", run.terms);
            prop_assert!((plan.region_beds[&region] - beds).0.abs() < 1e-4);
        }
        // Whichever way the aims were reached, one plan is nearest to the result's.
        for (region, beds) in &short.region_beds {
            prop_assert!((*beds - long.region_beds[region]).0.abs() < 2e-3, "{short:?} {long:?}");
        }
    }

    #[test]
    fn ranges_agree_with_a_direct_solve_at_their_ends(sketch in sketches()) {
        let (system, times) = sketch.build();
        let within = [Proportion(0.001), Proportion(0.05)];
        let found = near_ranges(&ground(&system, &times), Promises::default(), &within, highs(), &mut Silent)
            .expect("the model has a plan");
        for range in &found.ranges {
            let best = (found.unmet.0, found.worst_share.expect("shares").0);
            for (sign, end) in [(1.0, range.least), (-1.0, range.most)] {
                let direct = direct_end(&system, &times, range, best, sign);
                // A limit that is nearly zero is met within the solver's own tolerance.
                prop_assert!((direct - end.0).abs() < 1e-4, "{range:?}: {direct}");
            }
        }
    }
}

/// The end of a range by one program with a row for each aim.
fn direct_end(
    system: &CareSystem,
    times: &TravelTimes,
    range: &NearRange,
    (unmet, worst): (f64, f64),
    sign: f64,
) -> f64 {
    let mut system = system.clone();
    let level = |term| Level { term, tolerance: 1.0 };
    system.policy.objective.combination =
        Combination::Priorities(vec![level(Term::Unmet), level(Term::Inequality)]);
    let f = build(&system, &DemandPoints::of_areas(&system, times), Parts::default());
    let mut program = f.program().clone();
    for (term, best) in [(Term::Unmet, unmet), (Term::Inequality, worst)] {
        let scale = f.term(term).expect("a term").scale;
        let row = f.row(ConstraintKey::TermHold { term }).expect("a row");
        program.set_row_bounds(row, Bounds::at_most(best * (1.0 + range.within.0) / scale));
    }
    let mut costs = vec![0.0; program.columns()];
    let of_region: Vec<ColumnIx> = f
        .decisions()
        .filter(|(_, key)| matches!(key, VariableKey::NewBeds(new) if system.sites[new.site].region == range.region))
        .map(|(column, _)| column)
        .collect();
    for column in &of_region {
        costs[column.get()] = sign;
    }
    program.set_costs(costs);
    match highs().solve(&program).expect("the solver works") {
        Solved::Optimal(solution) => of_region.iter().map(|column| solution.columns[column.get()]).sum(),
        other => panic!("expected an optimum, got {other:?}"),
    }
}
