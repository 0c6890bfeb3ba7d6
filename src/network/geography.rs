//! Distances over the ground; the one place that minds the order of longitude and latitude.

use crate::domain::place::Place;
use crate::domain::units::{Kilometres, Minutes};
use geo::{Distance, Haversine, Point};
use rstar::RTree;
use rstar::primitives::GeomWithData;

/// Great-circle distance.
///
/// Haversine on a sphere of 6,371.0088 km (the mean earth radius of the IUGG), within 0.5% of the
/// ellipsoid.
pub fn distance(from: Place, to: Place) -> Kilometres {
    Kilometres(Haversine.distance(point(from), point(to)) / 1000.0)
}

/// Drive time over a great-circle distance where no road is known: 7.3 + 1.98 km^0.815 minutes.
///
/// One curve takes in circuity and speed: short trips are slow, and leaving the car takes minutes
/// at any distance. Fitted (relative error, robust loss) on the published times from the 6,790 MSOAs
/// to 113 English hospitals within 100 km; on the pairs under 60 km its mean absolute error is
/// 5.4 minutes (3.8 for true times up to 45 minutes) and its median error 9.5%.
pub fn drive_time(over: Kilometres) -> Minutes {
    Minutes(7.3 + 1.98 * over.0.powf(0.815))
}

/// Longitude first: the order `geo` expects.
fn point(place: Place) -> Point {
    Point::new(place.longitude, place.latitude)
}

/// Places with a spatial index, for finding the nearest ones.
///
/// Works on the unit sphere, where the straight line through the earth grows with the great circle,
/// so the order of nearness is exact everywhere.
#[derive(Debug, Clone)]
pub struct PlaceIndex {
    tree: RTree<GeomWithData<[f64; 3], usize>>,
}

impl PlaceIndex {
    /// Indexes places under the numbers given with them. O(n log n).
    pub fn new(places: impl IntoIterator<Item = (usize, Place)>) -> Self {
        let points = places.into_iter().map(|(number, place)| GeomWithData::new(on_sphere(place), number));
        Self { tree: RTree::bulk_load(points.collect()) }
    }

    /// The numbers of the nearest places with their distances, nearest first, at most `count`; equal
    /// distances are settled by number. O(count log n).
    pub fn nearest(&self, place: Place, count: usize) -> Vec<(usize, Kilometres)> {
        let mut found: Vec<(f64, usize)> = Vec::new();
        for (entry, squared) in self.tree.nearest_neighbor_iter_with_distance_2(on_sphere(place)) {
            if found.len() >= count && found.last().is_some_and(|last| squared > last.0) {
                break;
            }
            found.push((squared, entry.data));
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.truncate(count);
        found.into_iter().map(|(squared, number)| (number, chord_to_arc(squared))).collect()
    }
}

fn on_sphere(place: Place) -> [f64; 3] {
    let (longitude, latitude) = (place.longitude.to_radians(), place.latitude.to_radians());
    [latitude.cos() * longitude.cos(), latitude.cos() * longitude.sin(), latitude.sin()]
}

/// The great-circle distance that belongs to a squared chord of the unit sphere.
fn chord_to_arc(squared: f64) -> Kilometres {
    const EARTH_RADIUS_KM: f64 = 6371.0088;
    Kilometres(2.0 * EARTH_RADIUS_KM * (squared.sqrt() / 2.0).min(1.0).asin())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONDON: Place = Place { longitude: -0.1276, latitude: 51.5072 };
    const EDINBURGH: Place = Place { longitude: -3.1883, latitude: 55.9533 };

    #[test]
    fn london_to_edinburgh_is_534_kilometres_as_the_crow_flies() {
        assert!((distance(LONDON, EDINBURGH).0 - 534.0).abs() < 2.0);
    }

    #[test]
    fn a_degree_east_is_shorter_than_a_degree_north_in_england() {
        let east = distance(LONDON, Place { longitude: LONDON.longitude + 1.0, ..LONDON });
        let north = distance(LONDON, Place { latitude: LONDON.latitude + 1.0, ..LONDON });
        assert!((north.0 - 111.2).abs() < 0.1 && (east.0 - 69.2).abs() < 0.2, "{east:?} {north:?}");
    }

    #[test]
    fn drive_time_grows_with_distance_and_never_vanishes() {
        let times: Vec<f64> = [0.0, 1.0, 10.0, 50.0].map(|km| drive_time(Kilometres(km)).0).to_vec();
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]));
        assert!((times[0] - 7.3).abs() < 1e-12 && (20.0..21.0).contains(&times[2]), "{times:?}");
    }

    #[test]
    fn nearest_places_come_in_order_of_great_circle_distance_and_ties_by_number() {
        let at = |longitude: f64| Place { longitude, latitude: 52.0 };
        let index = PlaceIndex::new([(7, at(1.0)), (2, at(-1.0)), (4, at(2.5)), (1, at(1.0))]);
        let near = index.nearest(at(1.0), 3);
        assert_eq!(near.iter().map(|n| n.0).collect::<Vec<_>>(), [1, 7, 4]);
        assert_eq!(index.nearest(at(1.0), 1)[0].0, 1, "a tie is kept whole before it is settled");
        assert!((near[2].1.0 - distance(at(1.0), at(2.5)).0).abs() < 1e-6);
    }

    #[test]
    fn asking_for_more_places_than_there_are_gives_all() {
        assert_eq!(PlaceIndex::new([(0, LONDON)]).nearest(EDINBURGH, 5).len(), 1);
        assert_eq!(PlaceIndex::new([]).nearest(EDINBURGH, 5), []);
    }
}
