//! A convex piecewise linear function traced exactly from its values and slopes.
//!
//! What a linear program reaches at best is such a function of the bound of one of its rows, and the row's price is
//! a slope of it. The lines at two points lie below the function and cross between them. Where the function
//! meets the crossing, it bends there and nowhere else between the two; where it lies above, both sides are traced in
//! the same way. Every solve but one for each bend finds a new piece, so a function of n pieces takes at most about 2n.

use crate::domain::units::Beds;

/// Values this near to a line, as a share of the larger value at its ends, lie on it.
const ON_LINE: f64 = 1e-8;
/// Points nearer to each other than this, in beds, are one.
const SAME: f64 = 1e-6;

/// The function at one number of beds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Touch {
    /// Its value, in the unit of what is traced.
    pub value: f64,
    /// The slope of a line that touches it there and lies nowhere above it: that unit for each bed.
    pub slope: f64,
}

/// A breakpoint, or an end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knot {
    /// Beds.
    pub at: Beds,
    /// The value there, in the unit of what is traced.
    pub value: f64,
}

/// The function between two numbers of beds.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// Its ends and breakpoints, in order: straight between one and the next.
    pub knots: Vec<Knot>,
    /// How often it was asked for.
    pub solves: usize,
}

/// A point that was asked for.
#[derive(Debug, Clone, Copy)]
struct Asked {
    at: f64,
    value: f64,
    slope: f64,
    /// Whether it is known to be a breakpoint or an end.
    bends: bool,
}

impl Asked {
    fn line(self, at: f64) -> f64 {
        self.value + self.slope * (at - self.at)
    }
}

/// Traces a convex piecewise linear function from one number of beds to another. `solve` gives its value and a
/// slope; an error of it ends the search. `unit` is a value that counts as one: a hundred-millionth of it is nothing.
pub fn trace<E>(
    (from, to): (Beds, Beds),
    unit: f64,
    mut solve: impl FnMut(Beds) -> Result<Touch, E>,
) -> Result<Curve, E> {
    let mut ask = |at: f64, bends: bool| {
        solve(Beds(at)).map(|touch| Asked { at, value: touch.value, slope: touch.slope, bends })
    };
    let first = ask(from.0, true)?;
    if to.0 - from.0 <= SAME {
        return Ok(Curve { knots: vec![knot(first)], solves: 1 });
    }
    let last = ask(to.0, true)?;
    let mut met = vec![first, last];
    let mut open = vec![(first, last)];
    while let Some((a, c)) = open.pop() {
        let Some(at) = crossing(a, c, unit) else { continue };
        let mut found = ask(at, false)?;
        found.bends = found.value <= a.line(at) + tolerance(a, c, unit);
        met.push(found);
        if !found.bends {
            open.extend([(found, c), (a, found)]);
        }
    }
    let solves = met.len();
    met.sort_by(|a, b| a.at.total_cmp(&b.at));
    Ok(Curve { knots: bends(&met, unit).into_iter().map(knot).collect(), solves })
}

fn knot(asked: Asked) -> Knot {
    Knot { at: Beds(asked.at), value: asked.value }
}

fn tolerance(a: Asked, c: Asked, unit: f64) -> f64 {
    ON_LINE * a.value.abs().max(c.value.abs()).max(unit)
}

/// Where the lines of two points cross; `None` where the function is straight between them.
fn crossing(a: Asked, c: Asked, unit: f64) -> Option<f64> {
    let room = tolerance(a, c, unit);
    let straight = a.line(c.at) >= c.value - room || c.line(a.at) >= a.value - room;
    if straight || c.at - a.at <= SAME {
        return None;
    }
    let at = (a.line(0.0) - c.line(0.0)) / (c.slope - a.slope);
    (at - a.at > SAME && c.at - at > SAME).then_some(at)
}

/// The points that bend: those known to, and of the others those that lie off the line between their neighbours.
fn bends(met: &[Asked], unit: f64) -> Vec<Asked> {
    let mut kept: Vec<Asked> = Vec::new();
    for (position, &point) in met.iter().enumerate() {
        let next = met.get(position + 1);
        let off = match (kept.last(), next) {
            (Some(before), Some(after)) if !point.bends => {
                let share = (point.at - before.at) / (after.at - before.at);
                let chord = before.value + share * (after.value - before.value);
                chord - point.value > tolerance(*before, *after, unit)
            }
            _ => true,
        };
        if off {
            kept.push(point);
        }
    }
    kept
}

impl Curve {
    /// The value at a number of beds; `None` beyond its ends.
    pub fn at(&self, beds: Beds) -> Option<f64> {
        let (first, last) = (self.knots.first()?, self.knots.last()?);
        if beds.0 < first.at.0 - SAME || beds.0 > last.at.0 + SAME {
            return None;
        }
        let beds = beds.max(first.at).min(last.at);
        let after = self.knots.iter().position(|knot| knot.at >= beds)?;
        let (a, c) = (self.knots[after.saturating_sub(1)], self.knots[after]);
        let width = (c.at - a.at).0;
        let share = if width > 0.0 { (beds - a.at).0 / width } else { 1.0 };
        Some(a.value + (c.value - a.value) * share)
    }
    /// Its straight pieces, in order: from where to where.
    pub fn pieces(&self) -> impl Iterator<Item = (Beds, Beds)> + '_ {
        self.knots.windows(2).map(|pair| (pair[0].at, pair[1].at))
    }
}

/// Whether two numbers of beds are one.
pub fn same(a: Beds, b: Beds) -> bool {
    (a - b).0.abs() <= SAME
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A function given as the largest of some lines (slope, value at 0), with how often it was asked for.
    fn traced(lines: &[(f64, f64)], from: f64, to: f64) -> Curve {
        let solve = |beds: Beds| {
            let of = |line: &(f64, f64)| line.0 * beds.0 + line.1;
            let best = lines.iter().max_by(|a, b| of(a).total_cmp(&of(b))).expect("a line");
            Ok::<_, ()>(Touch { value: of(best), slope: best.0 })
        };
        trace((Beds(from), Beds(to)), 1.0, solve).expect("it never fails")
    }
    fn knots(curve: &Curve) -> Vec<(f64, f64)> {
        curve.knots.iter().map(|knot| (knot.at.0, knot.value)).collect()
    }

    #[test]
    fn a_straight_line_takes_two_solves() {
        let curve = traced(&[(-0.5, 10.0)], 0.0, 8.0);
        assert_eq!((knots(&curve), curve.solves), (vec![(0.0, 10.0), (8.0, 6.0)], 2));
    }
    #[test]
    fn two_lines_bend_where_they_cross() {
        // 10 − 2b meets 4 + b at b = 2, value 6: three solves, the third proves the bend.
        let curve = traced(&[(-2.0, 10.0), (1.0, 4.0)], 0.0, 10.0);
        assert_eq!((knots(&curve), curve.solves), (vec![(0.0, 10.0), (2.0, 6.0), (10.0, 14.0)], 3));
    }
    #[test]
    fn a_flat_stretch_between_two_slopes_is_found_whole() {
        // 10 − 2b, 6 and b − 1 cross at b = 2 and b = 7. The first guess is where the outer lines cross, 11/3: there
        // the value is 6, not 8/3, so both sides are traced.
        let curve = traced(&[(-2.0, 10.0), (0.0, 6.0), (1.0, -1.0)], 0.0, 10.0);
        assert_eq!(knots(&curve), vec![(0.0, 10.0), (2.0, 6.0), (7.0, 6.0), (10.0, 9.0)]);
        assert_eq!(curve.solves, 5);
        assert_eq!(curve.at(Beds(8.0)), Some(7.0));
        assert_eq!(curve.at(Beds(10.1)), None);
    }
    #[test]
    fn one_number_of_beds_is_a_curve_of_one_point() {
        let curve = traced(&[(1.0, 3.0)], 5.0, 5.0);
        assert_eq!((knots(&curve), curve.at(Beds(5.0))), (vec![(5.0, 8.0)], Some(8.0)));
    }
    #[test]
    fn a_fault_of_a_solve_ends_the_search() {
        assert_eq!(trace((Beds(0.0), Beds(1.0)), 1.0, |_| Err("stopped")), Err("stopped"));
    }
}
