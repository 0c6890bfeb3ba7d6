//! Between which bounds a price holds: what is told agrees with solving again at the ends, inside and beyond them.

mod sketch;

use bedalloc::domain::policy::{Agreement, Origin, Pin, Scope, Term};
use bedalloc::domain::units::{Beds, Pounds, Proportion};
use bedalloc::formulation::keys::ConstraintKey;
use bedalloc::pipeline::{RunEnd, RunResult};
use bedalloc::solution::{LevelName, PriceRange};
use proptest::prelude::*;
use sketch::{Sketch, site};

const UNMET: LevelName = LevelName::Term(Term::Unmet, 1);
const REGIONS: [&str; 2] = ["North", "South"];
/// Values of the first level agree to this.
const SAME: f64 = 1e-5;
/// So far beyond an end another price holds.
const BEYOND: f64 = 0.25;

fn origin() -> Origin {
    Origin { file: "model.yaml".into(), line: 1 }
}

/// Four sites in two regions, a floor or a ceiling, a pin, and councils' money.
fn sketches() -> impl Strategy<Value = Sketch> {
    let sites = prop::collection::vec((20.0..90.0f64, 0usize..2), 2..5);
    let areas = prop::collection::vec((10.0..90.0f64, 0usize..2, prop::bits::u8::between(0, 4)), 2..6);
    let rules = (2.0..25.0f64, 0.0..1.0f64, any::<bool>(), 0.0..1.0f64, 0.0..60_000.0f64);
    (sites, areas, rules).prop_map(|(sites, areas, (pool, part, is_floor, pinned, fund))| {
        let tenth = |value: f64| (value * 10.0).round() / 10.0;
        let mut sketch = Sketch {
            sites: Vec::new(),
            areas: Vec::new(),
            policy: sketch::plain_policy(tenth(pool), 0.8),
            spend: Vec::new(),
            delays: Vec::new(),
        };
        for (n, (beds, region)) in sites.iter().enumerate() {
            sketch.sites.push(site(&format!("S{n}"), REGIONS[*region], &[("300", tenth(*beds))]));
        }
        for (n, (need, region, reach)) in areas.iter().enumerate() {
            let minutes: Vec<(String, f64)> = (0..sites.len())
                .map(|at| (format!("S{at}"), if reach & (1 << at) == 0 { 20.0 } else { 90.0 }))
                .collect();
            let minutes: Vec<(&str, f64)> = minutes.iter().map(|(s, m)| (s.as_str(), *m)).collect();
            let council = format!("C{}", n % 2 + 1);
            let need = [("300", tenth(*need))];
            sketch.areas.push(sketch::area(&format!("A{n}"), REGIONS[*region], &council, &need, &minutes));
        }
        sketch.add_social_care();
        sketch.policy.social_care = Some(sketch::social_care(fund.round()));
        let (system, _) = sketch.build();
        let first = system.sites.iter().next().expect("a site").1.clone();
        let pin = tenth(pool * pinned * 0.4);
        let pinned_site = system.sites.find(first.as_str()).expect("a site");
        let region = system.sites[pinned_site].region;
        sketch.policy.pins.push(Pin {
            site: pinned_site,
            specialty: None,
            beds: Beds(pin),
            why: "agreed".into(),
            origin: origin(),
        });
        let number = Beds(pin + tenth((pool - pin) * part * 0.9));
        let (min, max) = if is_floor { (Some(number), None) } else { (None, Some(number)) };
        sketch.policy.agreements.push(Agreement { scope: Scope::Region(region), min, max, origin: origin() });
        sketch.policy.pool.must_spend = false;
        sketch
    })
}

/// The model with the bound of a constraint moved.
fn moved(sketch: &Sketch, key: ConstraintKey, by: f64) -> Sketch {
    use ConstraintKey as K;
    let mut sketch = sketch.clone();
    let policy = &mut sketch.policy;
    match key {
        K::NewBedPool { .. } => policy.pool.total += Beds(by),
        K::Pin { position, .. } => policy.pins[usize::from(position)].beds += Beds(by),
        K::Agreement { position, .. } => {
            let rule = &mut policy.agreements[usize::from(position)];
            rule.min = rule.min.map(|min| min + Beds(by));
            rule.max = rule.max.map(|max| max + Beds(by));
        }
        K::PooledFund { .. } => {
            let money = policy.social_care.as_mut().expect("councils' money");
            money.pooled_fund += Pounds(by * 1e6);
        }
        other => panic!("no way to move {other:?}"),
    }
    sketch
}

/// The least unmet need, where there is a plan.
fn least_unmet(sketch: &Sketch) -> Option<f64> {
    match sketch.run() {
        RunEnd::Planned(result) => Some(result.levels[0].value),
        RunEnd::Infeasible(_) => None,
        RunEnd::Stopped(limit) => panic!("stopped: {limit:?}"),
    }
}

fn price(result: &RunResult, key: ConstraintKey) -> f64 {
    let level = result.prices.iter().find(|level| level.level == UNMET).expect("a first level");
    level.prices.iter().find(|(of, _)| *of == key).map_or(0.0, |(_, price)| *price)
}

/// Ranges of the first level.
fn ranges(result: &RunResult) -> Vec<(ConstraintKey, PriceRange)> {
    let of_level = result.price_ranges.iter().filter(|((level, _), _)| *level == UNMET);
    of_level.map(|((_, key), range)| (*key, *range)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn a_price_holds_up_to_the_ends_of_its_range_and_not_beyond(sketch in sketches()) {
        let Some(RunEnd::Planned(result)) = Some(sketch.run()) else { return Ok(()) };
        let value = result.levels[0].value;
        for (key, range) in ranges(&result) {
            let slope = price(&result, key);
            let line = |by: f64| value + slope * by;
            prop_assert!(range.from.is_none_or(|from| from <= range.bound));
            prop_assert!(range.to.is_none_or(|to| to >= range.bound));
            for (end, sign) in [(range.from, -1.0), (range.to, 1.0)] {
                let Some(end) = end else {
                    let far = least_unmet(&moved(&sketch, key, sign * 50.0));
                    prop_assert!(far.is_none_or(|far| (far - line(sign * 50.0)).abs() < SAME), "{key:?} {range:?}");
                    continue;
                };
                let by = end - range.bound;
                for inside in [by, by / 2.0] {
                    let found = least_unmet(&moved(&sketch, key, inside));
                    // At the very end rounding may leave no plan.
                    if let Some(found) = found {
                        prop_assert!((found - line(inside)).abs() < SAME, "{key:?} {range:?} {inside}: {found}");
                    } else {
                        prop_assert!(inside == by, "{key:?} {range:?}: no plan within it");
                    }
                }
                let step = by + sign * BEYOND;
                let beyond = least_unmet(&moved(&sketch, key, step));
                prop_assert!(
                    beyond.is_none_or(|beyond| beyond > line(step) + SAME),
                    "{key:?} {range:?} {step}: {beyond:?} is on the line at {}", line(step)
                );
            }
            if !range.is_degenerate() {
                let inside = moved(&sketch, key, range.to.map_or(1.0, |to| (to - range.bound) / 2.0)).plan();
                prop_assert!((price(&inside, key) - slope).abs() < 1e-6, "{key:?} {range:?}");
            }
        }
    }
}

/// Two specialties with 100 beds each. Need of the first is 88 occupied beds, at a cap of 80%: ten beds more meet it, each
/// 0.8 of an occupied bed. At the second's cap of 60% each meets 0.6 of more need than there will ever be beds for.
fn two_specialties(new_beds: f64) -> RunResult {
    let need = [("100", 88.0), ("300", 150.0)];
    let mut sketch = Sketch {
        sites: vec![site("S", "North", &[("100", 100.0), ("300", 100.0)])],
        areas: vec![sketch::area("A", "North", "C1", &need, &[("S", 10.0)])],
        policy: sketch::plain_policy(new_beds, 0.8),
        spend: Vec::new(),
        delays: Vec::new(),
    };
    let (system, _) = sketch.build();
    let second = system.specialties.find("300").expect("a specialty of the sketch");
    sketch.policy.occupancy.specialties.insert(second, Proportion(0.6));
    sketch.plan()
}

fn pool(result: &RunResult) -> (f64, PriceRange) {
    let found = ranges(result);
    let is_pool = |(key, _): &&(ConstraintKey, _)| matches!(key, ConstraintKey::NewBedPool { .. });
    let (key, range) = found.iter().find(is_pool).expect("a range of the pool's price");
    (price(result, *key), *range)
}

fn near(found: Option<f64>, expected: f64) {
    assert!(found.is_some_and(|found| (found - expected).abs() < 1e-5), "{found:?}, not {expected}");
}

#[test]
fn a_pool_tells_how_many_beds_more_and_fewer_its_price_holds_for() {
    let (price, range) = pool(&two_specialties(4.0));
    assert!((price + 0.8).abs() < 1e-9 && !range.is_degenerate(), "{price} {range:?}");
    near(range.from, 0.0);
    near(range.to, 10.0);
    let (price, range) = pool(&two_specialties(16.0));
    assert!((price + 0.6).abs() < 1e-9 && !range.is_degenerate(), "{price} {range:?}");
    near(range.from, 10.0);
    near(range.to, 160.0);
}

#[test]
fn where_one_bed_more_is_worth_less_than_one_fewer_costs_the_price_is_flagged() {
    let (price, range) = pool(&two_specialties(10.0));
    assert!((-0.8 - 1e-9..=-0.6 + 1e-9).contains(&price), "{price}");
    assert!(range.is_degenerate(), "{range:?}");
}
