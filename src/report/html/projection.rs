//! Degrees to the British National Grid, so that the map has the shape that people know.
//!
//! Transverse Mercator on the Airy 1830 ellipsoid, after *A guide to coordinate systems in Great Britain* (Ordnance
//! Survey, annex C). Degrees are taken as they are: the shift from WGS84 to the grid's own datum, about 100 metres, is
//! less than the width of a line on a map of England.

use crate::domain::place::Place;

/// Semi-axes of the Airy 1830 ellipsoid, metres.
const AXES: (f64, f64) = (6_377_563.396, 6_356_256.909);
/// Scale on the central meridian.
const SCALE: f64 = 0.999_601_271_7;
/// True origin, degrees north and east.
const ORIGIN: (f64, f64) = (49.0, -2.0);
/// The true origin's easting and northing, metres.
const FALSE: (f64, f64) = (400_000.0, -100_000.0);

/// Easting and northing, metres. O(1); better than a metre within Great Britain.
pub fn national_grid(place: Place) -> (f64, f64) {
    let (a, b) = AXES;
    let (latitude, longitude) = (place.latitude.to_radians(), place.longitude.to_radians());
    let (origin, meridian) = (ORIGIN.0.to_radians(), ORIGIN.1.to_radians());
    let (sine, cosine, tangent) = (latitude.sin(), latitude.cos(), latitude.tan());
    let e2 = (a * a - b * b) / (a * a);
    let curvature = 1.0 - e2 * sine * sine;
    // ν and ρ of the guide: radii of curvature across and along the meridian, scaled; η² = ν/ρ − 1.
    let nu = a * SCALE / curvature.sqrt();
    let rho = nu * (1.0 - e2) / curvature;
    let eta2 = nu / rho - 1.0;
    let t2 = tangent * tangent;
    let one = meridian_arc(latitude, origin) + FALSE.1;
    let two = nu / 2.0 * sine * cosine;
    let three = nu / 24.0 * sine * cosine.powi(3) * (5.0 - t2 + 9.0 * eta2);
    let three_a = nu / 720.0 * sine * cosine.powi(5) * (61.0 - 58.0 * t2 + t2 * t2);
    let four = nu * cosine;
    let five = nu / 6.0 * cosine.powi(3) * (nu / rho - t2);
    let six = nu / 120.0 * cosine.powi(5) * (5.0 - 18.0 * t2 + t2 * t2 + 14.0 * eta2 - 58.0 * t2 * eta2);
    let d = longitude - meridian;
    let northing = one + two * d.powi(2) + three * d.powi(4) + three_a * d.powi(6);
    let easting = FALSE.0 + four * d + five * d.powi(3) + six * d.powi(5);
    (easting, northing)
}

/// M of the guide: the distance along the meridian from the true origin, scaled, metres.
fn meridian_arc(latitude: f64, origin: f64) -> f64 {
    let (a, b) = AXES;
    let n = (a - b) / (a + b);
    let (less, more) = (latitude - origin, latitude + origin);
    let (n2, n3) = (n * n, n * n * n);
    let parts = (1.0 + n + 1.25 * n2 + 1.25 * n3) * less
        - (3.0 * n + 3.0 * n2 + 2.625 * n3) * less.sin() * more.cos()
        + (1.875 * n2 + 1.875 * n3) * (2.0 * less).sin() * (2.0 * more).cos()
        - 35.0 / 24.0 * n3 * (3.0 * less).sin() * (3.0 * more).cos();
    b * SCALE * parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_example_of_the_ordnance_survey_comes_out() {
        // Annex C.1: 52° 39′ 27.2531″ N, 1° 43′ 4.5177″ E.
        let place = Place {
            latitude: 52.0 + 39.0 / 60.0 + 27.2531 / 3600.0,
            longitude: 1.0 + 43.0 / 60.0 + 4.5177 / 3600.0,
        };
        let (easting, northing) = national_grid(place);
        assert!((easting - 651_409.903).abs() < 0.01, "{easting}");
        assert!((northing - 313_177.270).abs() < 0.01, "{northing}");
    }
    #[test]
    fn the_true_origin_is_where_it_is_defined() {
        let (easting, northing) = national_grid(Place { latitude: 49.0, longitude: -2.0 });
        assert!((easting - 400_000.0).abs() < 1e-6 && (northing + 100_000.0).abs() < 1e-6);
    }
}
