//! What each number of beds is worth to a region and to England.
//!
//! Three quantities, one within another, each traced exactly ([`super::curve`]): England's least unmet need; of the
//! plans that reach it, the least unmet share of the worst-off group; and of the plans that reach both, the least and
//! most that the region's own people are left without. The definitions are in `docs/negotiation.md`.

use super::curve::{Curve, Touch, same, trace};
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use serde::Serialize;

/// Shares are traced to this part of 1.
const UNIT_OF_SHARE: f64 = 1e-3;

/// Rows nearer to each other than this, in beds, are one: where curves within one another bend together, each finds the place to
/// the rounding of its own solves, some hundred-thousandths of a bed.
const ONE_ROW: f64 = 1e-4;

/// Which end of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The least.
    Least,
    /// The most.
    Most,
}

/// Somebody who answers for a region what a number of beds comes to.
pub trait Oracle {
    /// Why there is no answer.
    type Fault;
    /// The least unmet need of England.
    fn unmet(&mut self, beds: Beds) -> Result<Touch, Self::Fault>;
    /// From now on only plans count that are best for England, on the straight piece of its curve around this number.
    fn keep_best(&mut self, beds: Beds) -> Result<(), Self::Fault>;
    /// The least unmet share of the worst-off group among them; `None` where there are no groups.
    fn worst_share(&mut self, beds: Beds) -> Result<Option<Touch>, Self::Fault>;
    /// From now on only those plans count that are fairest too, on the straight piece around this number.
    fn keep_fairest(&mut self, beds: Beds) -> Result<(), Self::Fault>;
    /// The least or most unmet need of the region's people among them.
    fn own(&mut self, beds: Beds, end: End) -> Result<Touch, Self::Fault>;
}

/// One number of beds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ValueRow {
    /// New beds of the region.
    pub beds: Beds,
    /// England's least unmet need, occupied beds.
    pub england_unmet: OccupiedBeds,
    /// The unmet share of the worst-off group, as small as it can then be; `None` where there are no groups.
    pub worst_share: Option<Proportion>,
    /// The least unmet need of the region's people in plans as good as that for both.
    pub own_least: OccupiedBeds,
    /// The most.
    pub own_most: OccupiedBeds,
}

/// Every quantity between the fewest and most beds that the rules allow: straight from each row to the next.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValueCurve {
    /// Ends and breakpoints, in order of beds.
    pub rows: Vec<ValueRow>,
    /// Programs solved.
    pub solves: usize,
}

/// Traces all quantities between the ends.
pub fn value_curve<O: Oracle>(ends: (Beds, Beds), oracle: &mut O) -> Result<ValueCurve, O::Fault> {
    let unmet = trace(ends, 1.0, |beds| oracle.unmet(beds))?;
    let mut found = Traced { rows: Vec::new(), solves: unmet.solves };
    for piece in pieces(&unmet) {
        oracle.keep_best(middle(piece))?;
        found.solves += 1;
        let shares = worst_shares(piece, oracle)?;
        found.solves += shares.as_ref().map_or(0, |shares| shares.solves);
        let within = shares.as_ref().map_or_else(|| vec![piece], pieces);
        for part in within {
            oracle.keep_fairest(middle(part))?;
            let least = trace(part, 1.0, |beds| oracle.own(beds, End::Least))?;
            // The most is as convex upside down.
            let most = trace(part, 1.0, |beds| {
                let touch = oracle.own(beds, End::Most)?;
                Ok(Touch { value: -touch.value, slope: -touch.slope })
            })?;
            found.solves += 1 + least.solves + most.solves;
            found.add(&unmet, shares.as_ref(), &least, &most);
        }
    }
    Ok(ValueCurve { rows: found.rows, solves: found.solves })
}

/// The straight pieces; of a single point that point.
fn pieces(curve: &Curve) -> Vec<(Beds, Beds)> {
    match curve.knots.as_slice() {
        [only] => vec![(only.at, only.at)],
        _ => curve.pieces().collect(),
    }
}

fn middle((from, to): (Beds, Beds)) -> Beds {
    (from + to) / 2.0
}

fn worst_shares<O: Oracle>(piece: (Beds, Beds), oracle: &mut O) -> Result<Option<Curve>, O::Fault> {
    // Whether there are groups is the same for every number of beds.
    let mut none = false;
    let curve = trace(piece, UNIT_OF_SHARE, |beds| {
        let touch = oracle.worst_share(beds)?;
        none = touch.is_none();
        Ok(touch.unwrap_or(Touch { value: 0.0, slope: 0.0 }))
    })?;
    Ok((!none).then_some(curve))
}

struct Traced {
    rows: Vec<ValueRow>,
    solves: usize,
}

impl Traced {
    /// Adds the rows of a part; its first is the last of the part before.
    fn add(&mut self, unmet: &Curve, shares: Option<&Curve>, least: &Curve, most: &Curve) {
        let mut at: Vec<Beds> = least.knots.iter().chain(&most.knots).map(|knot| knot.at).collect();
        at.sort_by(|a, b| a.0.total_cmp(&b.0));
        for beds in at {
            if let Some(last) = self.rows.last()
                && (beds - last.beds).0 <= ONE_ROW
            {
                // The ends stay as they are: of the first row and one beside it the first, else the later.
                if self.rows.len() == 1 || same(last.beds, beds) {
                    continue;
                }
                self.rows.pop();
            }
            let of = |curve: &Curve| curve.at(beds).unwrap_or_default();
            self.rows.push(ValueRow {
                beds,
                england_unmet: OccupiedBeds(of(unmet)),
                worst_share: shares.map(|shares| Proportion(of(shares))),
                own_least: OccupiedBeds(of(least)),
                own_most: OccupiedBeds(-of(most)),
            });
        }
    }
}

impl ValueCurve {
    /// All quantities at a number of beds; `None` beyond the ends.
    pub fn at(&self, beds: Beds) -> Option<ValueRow> {
        let after = self.rows.iter().position(|row| row.beds.0 >= beds.0 || same(row.beds, beds))?;
        let (a, c) = (self.rows[after.saturating_sub(1)], self.rows[after]);
        let width = (c.beds - a.beds).0;
        if width <= 0.0 || same(c.beds, beds) {
            return same(c.beds, beds).then_some(ValueRow { beds, ..c });
        }
        let share = ((beds - a.beds).0 / width).clamp(0.0, 1.0);
        let between = |from: f64, to: f64| from + (to - from) * share;
        let of_beds = |from: OccupiedBeds, to: OccupiedBeds| OccupiedBeds(between(from.0, to.0));
        Some(ValueRow {
            beds,
            england_unmet: of_beds(a.england_unmet, c.england_unmet),
            worst_share: a.worst_share.zip(c.worst_share).map(|(a, c)| Proportion(between(a.0, c.0))),
            own_least: of_beds(a.own_least, c.own_least),
            own_most: of_beds(a.own_most, c.own_most),
        })
    }
    /// The beds from where to where a quantity stands at its least, and that least.
    pub fn lowest(&self, of: impl Fn(&ValueRow) -> Option<f64>) -> Option<Lowest> {
        let values: Vec<(Beds, f64)> =
            self.rows.iter().filter_map(|row| Some((row.beds, of(row)?))).collect();
        let least = values.iter().map(|(_, value)| *value).min_by(f64::total_cmp)?;
        let room = LOWEST * least.abs().max(UNIT_OF_SHARE);
        let mut lowest = values.iter().filter(|(_, value)| *value <= least + room).map(|(beds, _)| *beds);
        let from = lowest.next()?;
        Some(Lowest { value: least, from, to: lowest.next_back().unwrap_or(from) })
    }
}

/// Values this near to the least, as a share of it, are the least.
const LOWEST: f64 = 1e-7;

/// Where a quantity is at its least.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lowest {
    /// The least.
    pub value: f64,
    /// From this number of beds.
    pub from: Beds,
    /// To this.
    pub to: Beds,
}
