//! What must hold whatever the numbers: on generated care systems.

mod sketch;

use bedalloc::domain::units::{Beds, Minutes, Pounds, Proportion};
use bedalloc::pipeline::RunResult;
use proptest::prelude::*;
use sketch::{AreaSketch, SiteSketch, Sketch};
use std::collections::BTreeMap;

/// Occupied beds and shares agree to this.
const TOLERANCE: f64 = 1e-5;
/// New beds of a site agree to this, far above what the tie-break leaves open (0.0004 beds).
const TIE_TOLERANCE: f64 = 0.05;

const SPECIALTIES: [&str; 2] = ["100", "300"];
const REGIONS: [&str; 3] = ["East", "North", "South"];

/// Care systems with 2 to 4 sites, 2 to 6 areas, 2 specialties, 3 regions, with or without councils' money.
fn sketches() -> impl Strategy<Value = Sketch> {
    let sites = prop::collection::vec((0usize..3, 5.0..120.0f64, 5.0..60.0f64), 2..5);
    let areas = prop::collection::vec(
        (0usize..3, 1.0..80.0f64, 1.0..40.0f64, prop::collection::vec(5.0..70.0f64, 4)),
        2..7,
    );
    (sites, areas, 0.0..30.0f64, any::<bool>()).prop_map(|(sites, areas, pool, money)| {
        let sites: Vec<SiteSketch> = sites
            .into_iter()
            .enumerate()
            .map(|(n, (region, a, b))| {
                sketch::site(
                    &format!("S{n}"),
                    REGIONS[region],
                    &[(SPECIALTIES[0], round(a)), (SPECIALTIES[1], round(b))],
                )
            })
            .collect();
        let areas: Vec<AreaSketch> = areas
            .into_iter()
            .enumerate()
            .map(|(n, (region, a, b, minutes))| {
                let mut area = sketch::area(
                    &format!("A{n}"),
                    REGIONS[region],
                    &format!("C{}", n % 2),
                    &[(SPECIALTIES[0], round(a)), (SPECIALTIES[1], round(b))],
                    &[],
                );
                let times = sites.iter().zip(&minutes).map(|(s, m)| (s.id.clone(), round(*m)));
                area.minutes = times.collect();
                area
            })
            .collect();
        let mut sketch = Sketch {
            sites,
            areas,
            policy: sketch::plain_policy(round(pool), 0.82),
            spend: Vec::new(),
            delays: Vec::new(),
        };
        if money {
            add_money(&mut sketch);
        }
        sketch
    })
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn add_money(sketch: &mut Sketch) {
    let councils: std::collections::BTreeSet<String> =
        sketch.areas.iter().map(|area| area.council.clone()).collect();
    for council in councils {
        sketch.spend.push((council.clone(), "children".into(), 2e6));
        sketch.spend.push((council.clone(), "older_people".into(), 3e6));
        sketch.delays.push((council, SPECIALTIES[1].into(), 6.0));
    }
    sketch.policy.social_care = Some(sketch::social_care(40_000.0));
}

fn unmet(result: &RunResult) -> f64 {
    result.plan.total_unmet().0
}

/// New beds by site name.
fn beds_by_site(sketch: &Sketch, result: &RunResult) -> BTreeMap<String, f64> {
    let (system, _) = sketch.build();
    let mut beds = BTreeMap::new();
    for ((site, _, _), new) in &result.plan.new_beds {
        *beds.entry(system.sites.id(*site).to_string()).or_insert(0.0) += new.0;
    }
    beds
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn primal_and_dual_objectives_agree_at_every_level(sketch in sketches()) {
        for level in &sketch.plan().levels {
            prop_assert!(level.gap() < 1e-6, "{}: {} against {}", level.name, level.value, level.bound);
        }
    }

    #[test]
    fn the_plan_keeps_balance_and_caps(sketch in sketches()) {
        let (system, _) = sketch.build();
        let plan = sketch.plan().plan;
        let mut held = BTreeMap::new();
        for flow in &plan.flows {
            *held.entry((flow.site, flow.specialty, flow.period)).or_insert(0.0) += flow.treated.0;
            prop_assert!(flow.minutes <= Minutes(45.0));
        }
        for (key, patients) in held {
            let room = (system.beds[&(key.0, key.1)].available + plan.new_beds[&key]) * Proportion(0.82);
            prop_assert!(patients <= room.0 + TOLERANCE, "{patients} in room for {}", room.0);
        }
        for outcome in plan.needs.values() {
            let used = outcome.treated + outcome.released + outcome.unmet;
            prop_assert!((used.0 - outcome.need.0).abs() < TOLERANCE);
        }
        prop_assert!((plan.total_new().0 - sketch.policy.pool.total.0).abs() < TOLERANCE);
    }

    #[test]
    fn a_larger_pool_never_leaves_more_unmet(sketch in sketches(), more in 1.0..20.0f64) {
        let mut larger = sketch.clone();
        larger.policy.pool.total += Beds(more);
        prop_assert!(unmet(&larger.plan()) <= unmet(&sketch.plan()) + TOLERANCE);
    }

    #[test]
    fn a_longer_reach_never_leaves_more_unmet(sketch in sketches()) {
        let mut longer = sketch.clone();
        longer.policy.reach.limit = Minutes(60.0);
        prop_assert!(unmet(&longer.plan()) <= unmet(&sketch.plan()) + TOLERANCE);
    }

    #[test]
    fn more_need_never_leaves_less_unmet(sketch in sketches(), factor in 1.0..1.3f64) {
        let mut needier = sketch.clone();
        for need in needier.areas.iter_mut().flat_map(|area| area.need.values_mut()) {
            *need *= factor;
        }
        prop_assert!(unmet(&needier.plan()) >= unmet(&sketch.plan()) - TOLERANCE);
    }

    #[test]
    fn a_larger_pooled_fund_never_leaves_more_unmet(sketch in sketches()) {
        prop_assume!(sketch.policy.social_care.is_some());
        let mut richer = sketch.clone();
        richer.policy.social_care.as_mut().expect("assumed").pooled_fund = Pounds(400_000.0);
        prop_assert!(unmet(&richer.plan()) <= unmet(&sketch.plan()) + TOLERANCE);
    }

    #[test]
    fn renaming_and_reordering_change_nothing(sketch in sketches()) {
        // Backwards alphabet: every register turns round.
        let renamed = |id: &str| format!("Z{}{id}", 9 - id[1..].parse::<u32>().expect("a number"));
        let mut other = sketch.clone();
        other.sites.reverse();
        other.areas.reverse();
        for site in &mut other.sites {
            site.id = renamed(&site.id);
        }
        for area in &mut other.areas {
            area.id = renamed(&area.id);
            area.minutes = area.minutes.iter().map(|(id, minutes)| (renamed(id), *minutes)).collect();
        }
        let (before, after) = (sketch.plan(), other.plan());
        prop_assert!((unmet(&before) - unmet(&after)).abs() < TOLERANCE);
        for (mine, theirs) in before.levels.iter().zip(&after.levels) {
            prop_assert!((mine.value - theirs.value).abs() < TOLERANCE * mine.value.abs().max(1.0));
        }
        let theirs = beds_by_site(&other, &after);
        for (site, beds) in beds_by_site(&sketch, &before) {
            let other_beds = theirs[&renamed(&site)];
            prop_assert!((beds - other_beds).abs() < TIE_TOLERANCE, "{site}: {beds} against {other_beds}");
        }
    }

    #[test]
    fn the_settled_plan_lies_within_every_range(sketch in sketches()) {
        let (system, _) = sketch.build();
        let result = sketch.plan();
        for range in result.ranges.as_deref().expect("ranges were asked for") {
            let beds: f64 = result.plan.new_beds.iter()
                .filter(|((site, _, _), _)| system.sites[*site].region == range.region)
                .map(|(_, new)| new.0)
                .sum();
            prop_assert!(range.least.0 - TOLERANCE <= beds && beds <= range.most.0 + TOLERANCE);
        }
    }
}
