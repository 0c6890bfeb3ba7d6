//! The travel-time graph, by hand and by generated data.

use bedalloc::domain::index::{AreaIx, Ix, SiteIx};
use bedalloc::domain::place::Place;
use bedalloc::domain::travel::{KnownTime, NodeRef, TravelData, TravelEdge};
use bedalloc::domain::units::Minutes;
use bedalloc::network::geography::{distance, drive_time};
use bedalloc::network::{NetworkError, PairCounts, TimeSource, TravelNetwork, TravelTimes};
use proptest::prelude::*;

fn area(position: usize) -> AreaIx {
    AreaIx::from_usize(position)
}
fn site(position: usize) -> SiteIx {
    SiteIx::from_usize(position)
}
fn edge(from: NodeRef, to: NodeRef, minutes: f64) -> TravelEdge {
    TravelEdge { from, to, minutes: Minutes(minutes), mode: "car".to_owned() }
}
fn known(at: usize, to: usize, minutes: f64, inferred: bool) -> KnownTime {
    KnownTime { area: area(at), site: site(to), minutes: Minutes(minutes), inferred }
}
fn in_a_row(count: usize, latitude: f64) -> Vec<Place> {
    (0..count).map(|p| Place { longitude: -1.0 + 0.1 * p as f64, latitude }).collect()
}
fn times(data: &TravelData, cutoff: f64) -> TravelTimes {
    TravelNetwork::build(data).expect("the data are sound").travel_times(Minutes(cutoff))
}
/// The time of a pair and its source.
fn pair(times: &TravelTimes, from: usize, to: usize) -> Option<(f64, TimeSource)> {
    times.between(area(from), site(to)).map(|found| (found.minutes.0, found.source))
}

/// Three areas in a row, 10 minutes apart; site 0 has a time from area 0, site 1 an edge to area 2.
fn three_areas() -> TravelData {
    let a = |p| NodeRef::Area(area(p));
    TravelData {
        areas: in_a_row(3, 52.0),
        sites: in_a_row(2, 52.1),
        junctions: vec![],
        known: vec![known(0, 0, 12.0, false)],
        edges: vec![edge(a(0), a(1), 10.0), edge(a(1), a(2), 10.0), edge(a(2), NodeRef::Site(site(1)), 5.0)],
    }
}

#[test]
fn known_times_are_kept_and_the_rest_follow_paths_through_them() {
    let found = times(&three_areas(), 60.0);
    assert_eq!(pair(&found, 0, 0), Some((12.0, TimeSource::Known)));
    assert_eq!(pair(&found, 1, 0), Some((22.0, TimeSource::Inferred)));
    assert_eq!(pair(&found, 0, 1), Some((25.0, TimeSource::Inferred)));
    assert_eq!(found.counts(), PairCounts { known: 1, inferred: 5, fallback: 0 });
    assert_eq!(found.counts().total(), found.len());
}

#[test]
fn a_shorter_detour_never_replaces_a_known_time() {
    let mut data = three_areas();
    data.known.push(known(1, 0, 40.0, true));
    assert_eq!(pair(&times(&data, 60.0), 1, 0), Some((40.0, TimeSource::Inferred)));
    assert_eq!(pair(&times(&data, 30.0), 1, 0), None, "the detour takes 22 minutes but the known time 40");
}

#[test]
fn sites_come_nearest_first_and_equal_times_by_site() {
    let mut data = three_areas();
    data.known = vec![known(1, 1, 15.0, false), known(1, 0, 15.0, false)];
    let order: Vec<usize> = times(&data, 60.0).sites_of(area(1)).iter().map(|s| s.site.get()).collect();
    assert_eq!(order, [0, 1]);
    assert_eq!(times(&data, 60.0).sites_of(area(2))[0].site, site(1));
}

#[test]
fn a_junction_joins_what_meets_at_it() {
    let mut data = three_areas();
    data.junctions.push(("M1 J1".to_owned(), Place { longitude: -0.9, latitude: 52.05 }));
    data.edges.push(edge(NodeRef::Area(area(1)), NodeRef::Junction(0), 2.0));
    data.edges.push(edge(NodeRef::Junction(0), NodeRef::Site(site(1)), 3.0));
    assert_eq!(pair(&times(&data, 60.0), 1, 1), Some((5.0, TimeSource::Inferred)));
}

#[test]
fn an_island_has_great_circle_estimates_to_every_site() {
    let mut data = three_areas();
    data.areas.push(Place { longitude: -1.2, latitude: 52.0 });
    let found = times(&data, 90.0);
    let expected = drive_time(distance(data.areas[3], data.sites[0]));
    assert_eq!(pair(&found, 3, 0), Some((expected.0, TimeSource::Fallback)));
    assert_eq!(found.counts().fallback, 2);
}

#[test]
fn a_path_too_long_is_out_of_reach_and_not_guessed_from_the_distance() {
    let mut data = three_areas();
    data.edges[1].minutes = Minutes(300.0);
    assert_eq!(pair(&times(&data, 90.0), 2, 0), None);
}

#[test]
fn a_site_with_nothing_given_is_joined_to_its_nearest_areas_and_travels_on_from_there() {
    let mut data = three_areas();
    data.areas = in_a_row(6, 52.0);
    data.edges.extend((2..5).map(|p| edge(NodeRef::Area(area(p)), NodeRef::Area(area(p + 1)), 10.0)));
    data.sites.push(Place { longitude: -0.5, latitude: 52.0 });
    let found = times(&data, 60.0);
    assert_eq!(
        pair(&found, 5, 2),
        Some((drive_time(distance(data.areas[5], data.sites[2])).0, TimeSource::Fallback))
    );
    let (minutes, source) = pair(&found, 1, 2).expect("within reach");
    assert_eq!(source, TimeSource::Inferred);
    assert!(minutes > 20.0 && minutes < 50.0, "{minutes}");
}

#[test]
fn coordinates_alone_give_great_circle_estimates_only() {
    let data = TravelData { areas: in_a_row(5, 52.0), sites: in_a_row(2, 52.1), ..TravelData::default() };
    let found = times(&data, 90.0);
    assert_eq!(found.counts(), PairCounts { known: 0, inferred: 0, fallback: 10 });
}

#[test]
fn nothing_at_all_is_an_empty_answer() {
    assert!(times(&TravelData::default(), 90.0).is_empty());
    let no_sites = TravelData { areas: in_a_row(2, 52.0), ..TravelData::default() };
    assert_eq!(times(&no_sites, 90.0).sites_of(area(1)), []);
}

#[test]
fn a_pair_given_twice_is_refused() {
    let mut data = three_areas();
    data.known.push(known(0, 0, 13.0, true));
    let error = TravelNetwork::build(&data).expect_err("a pair has one time");
    assert_eq!(error, NetworkError::DuplicatePair { area: area(0), site: site(0) });
}

#[test]
fn times_that_are_no_times_are_refused() {
    for minutes in [-1.0, f64::NAN, f64::INFINITY] {
        let mut data = three_areas();
        data.edges[0].minutes = Minutes(minutes);
        assert!(matches!(TravelNetwork::build(&data), Err(NetworkError::NotATime { .. })), "{minutes}");
    }
}

#[test]
fn nodes_that_do_not_exist_and_places_off_the_globe_are_refused() {
    let mut data = three_areas();
    data.edges[0].to = NodeRef::Junction(0);
    assert_eq!(
        TravelNetwork::build(&data).expect_err("there is no junction"),
        NetworkError::UnknownNode { node: NodeRef::Junction(0) }
    );
    let mut data = three_areas();
    data.sites[1].latitude = f64::NAN;
    let error = TravelNetwork::build(&data).expect_err("a place has numbers");
    assert!(error.to_string().starts_with("site 1 cannot lie at"), "{error}");
}

prop_compose! {
    fn travel_data()(areas in 1_usize..12, sites in 1_usize..5)(
        places in prop::collection::vec((-5.0..1.5_f64, 50.0..55.0_f64), areas + sites),
        known in prop::collection::btree_map((0..areas, 0..sites), (1_u32..900, any::<bool>()), 0..12),
        edges in prop::collection::vec((0..areas + sites, 0..areas + sites, 0_u32..500), 0..25),
        areas in Just(areas),
    ) -> TravelData {
        let places: Vec<Place> = places.into_iter().map(|(longitude, latitude)| Place { longitude, latitude }).collect();
        let node = |p: usize| if p < areas { NodeRef::Area(area(p)) } else { NodeRef::Site(site(p - areas)) };
        TravelData {
            areas: places[..areas].to_vec(),
            sites: places[areas..].to_vec(),
            junctions: vec![],
            known: known.into_iter().map(|((a, s), (m, i))| in_eighths(a, s, m, i)).collect(),
            edges: edges.into_iter().map(|(a, b, m)| edge(node(a), node(b), f64::from(m) / 8.0)).collect(),
        }
    }
}
/// Eighths of a minute add up without rounding, so sums can be compared exactly.
fn in_eighths(at: usize, to: usize, eighths: u32, inferred: bool) -> KnownTime {
    known(at, to, f64::from(eighths) / 8.0, inferred)
}

proptest! {
    #[test]
    fn every_pair_within_the_cut_off_appears_once_in_order(data in travel_data(), cutoff in 5.0..120.0_f64) {
        let found = times(&data, cutoff);
        for at in found.areas() {
            let row = found.sites_of(at);
            prop_assert!(row.iter().all(|pair| pair.minutes.0 <= cutoff && pair.minutes.0 >= 0.0));
            prop_assert!(row.windows(2).all(|w| (w[0].minutes.0, w[0].site) < (w[1].minutes.0, w[1].site)));
        }
        for given in data.known.iter().filter(|given| given.minutes.0 <= cutoff) {
            prop_assert_eq!(found.between(given.area, given.site).map(|p| p.minutes), Some(given.minutes));
        }
    }

    #[test]
    fn a_pair_without_a_known_time_is_never_slower_than_a_step_to_a_neighbour(data in travel_data()) {
        let found = times(&data, 1e6);
        let given: std::collections::BTreeSet<_> = data.known.iter().map(|k| (k.area, k.site)).collect();
        for step in &data.edges {
            let (NodeRef::Area(one), NodeRef::Area(other)) = (step.from, step.to) else { continue };
            for at in (0..data.sites.len()).map(site) {
                if given.contains(&(one, at)) || given.contains(&(other, at)) { continue }
                let minutes = |from| found.between(from, at).map(|p| (p.minutes.0, p.source));
                if let (Some((here, TimeSource::Inferred)), Some((there, TimeSource::Inferred))) = (minutes(one), minutes(other)) {
                    prop_assert!(here <= there + step.minutes.0 + 1e-9, "{here} {there} {step:?}");
                }
            }
        }
    }

    #[test]
    fn a_longer_cut_off_only_adds_pairs(data in travel_data(), cutoff in 5.0..120.0_f64) {
        let short = times(&data, cutoff);
        let long = times(&data, cutoff * 1.5);
        let kept: Vec<_> = long.iter().filter(|(_, pair)| pair.minutes.0 <= cutoff).collect();
        prop_assert_eq!(short.iter().collect::<Vec<_>>(), kept);
    }

    #[test]
    fn the_order_and_direction_of_rows_do_not_matter(data in travel_data()) {
        let mut turned = data.clone();
        turned.known.reverse();
        turned.edges.reverse();
        for step in &mut turned.edges {
            std::mem::swap(&mut step.from, &mut step.to);
        }
        prop_assert_eq!(times(&data, 90.0), times(&turned, 90.0));
    }

    #[test]
    fn the_number_of_threads_does_not_matter(data in travel_data()) {
        let network = TravelNetwork::build(&data).expect("the data are sound");
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            pool.install(|| network.travel_times(Minutes(90.0)))
        };
        prop_assert_eq!(with(1), with(3));
    }
}
