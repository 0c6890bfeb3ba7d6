//! Outlines as the page draws them: on the national grid, in short.

use super::projection::national_grid;
use crate::domain::outline::{Outline, OutlineLayer};
use crate::domain::place::Place;
use serde::Serialize;

/// The grid of the page, metres: a screen shows a pixel for about 500.
const STEP: f64 = 100.0;

/// A map layer.
#[derive(Debug, Serialize)]
pub struct Layer {
    /// Name of the layer.
    name: String,
    /// Its shapes.
    shapes: Vec<Shape>,
}

/// The outline of a place.
#[derive(Debug, Serialize)]
struct Shape {
    code: String,
    name: String,
    /// Polygons of rings. A ring is x and y of its first point, then steps from point to point, all in hundreds of
    /// metres.
    parts: Vec<Vec<Vec<i64>>>,
}

/// The layers on the grid.
pub fn layers(of: &[OutlineLayer]) -> Vec<Layer> {
    let layer = |layer: &OutlineLayer| Layer {
        name: layer.name.clone(),
        shapes: layer.outlines.iter().map(shape).filter(|shape| !shape.parts.is_empty()).collect(),
    };
    of.iter().map(layer).collect()
}

/// Hundreds of metres east and north on the national grid.
pub fn on_grid(place: Place) -> (i64, i64) {
    let (easting, northing) = national_grid(place);
    ((easting / STEP).round() as i64, (northing / STEP).round() as i64)
}

fn shape(outline: &Outline) -> Shape {
    let part = |rings: &Vec<Vec<Place>>| {
        let mut short: Vec<Vec<i64>> = rings.iter().map(|ring| steps(ring)).collect();
        // A ring of less than three points on the grid is smaller than a dot.
        short.retain(|ring| ring.len() >= 6);
        short
    };
    let mut parts: Vec<Vec<Vec<i64>>> = outline.parts.iter().map(part).collect();
    parts.retain(|part| !part.is_empty());
    Shape { code: outline.code.clone(), name: outline.name.clone(), parts }
}

/// A ring without points that fall together; it is closed by whoever draws it.
fn steps(ring: &[Place]) -> Vec<i64> {
    let mut points: Vec<(i64, i64)> = ring.iter().map(|place| on_grid(*place)).collect();
    points.dedup();
    if points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    let mut found = Vec::with_capacity(2 * points.len());
    let mut last = (0, 0);
    for point in points {
        found.extend([point.0 - last.0, point.1 - last.1]);
        last = point;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rings_are_a_point_and_steps_that_lead_back_to_where_places_are() {
        let corner = |longitude, latitude| Place { longitude, latitude };
        let ring = [corner(-2.0, 52.0), corner(-1.0, 52.0), corner(-1.0, 53.0), corner(-2.0, 52.0)];
        let short = steps(&ring);
        assert_eq!(short.len(), 6, "three points, the first not told again");
        let (x, y) = on_grid(ring[2]);
        assert_eq!(short.iter().step_by(2).sum::<i64>(), x);
        assert_eq!(short.iter().skip(1).step_by(2).sum::<i64>(), y);
    }
}
