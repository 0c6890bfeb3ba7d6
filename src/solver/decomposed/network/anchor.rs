//! Where short steps start from.
//!
//! What the rest decides may ask a little more of the network than it can bring, or leave it more to cost than a row
//! allows that joins its parts: an earlier aim is held, say, and the planes are not yet close enough to that limit. Steps
//! from values that keep every limit then end beyond it time and again. So short steps start from values that may fall
//! short, at a price at which that does not pay: the dearest so far, twice over. As the planes come closer there is less
//! and less short there.

/// What falls short costs so many times what it is worth where it is dearest.
const DEARER: f64 = 2.0;

/// So much of what a row is broken by a decision is to be within its limits.
const MARGIN: f64 = 2.0;

/// The values with the least of objective and of what falls short.
pub struct Anchor {
    stands: Option<Stand>,
    /// What a unit of each shortfall was worth where it was dearest, over all turns.
    dearest: Vec<f64>,
}

struct Stand {
    short: Vec<f64>,
    objective: f64,
    values: Vec<f64>,
}

impl Anchor {
    /// Nowhere yet.
    pub fn nowhere() -> Self {
        Self { stands: None, dearest: Vec::new() }
    }

    /// A unit of each shortfall is worth this, more or less than nothing.
    pub fn price(&mut self, worth: impl Iterator<Item = f64>) {
        for (at, worth) in worth.enumerate() {
            match self.dearest.get_mut(at) {
                Some(dearest) => *dearest = dearest.max(worth.abs()),
                None => self.dearest.push(worth.abs()),
            }
        }
    }

    /// Moves to values that are no worse, where so much falls short: flow first, then each row that joins parts.
    pub fn offer(&mut self, short: Vec<f64>, objective: f64, values: &[f64]) {
        let merit = |short: &[f64], objective: f64| {
            let shortfalls = short.iter().zip(&self.dearest);
            objective + DEARER * shortfalls.map(|(short, dearest)| short * dearest).sum::<f64>()
        };
        let stands = |stand: &Stand| merit(&stand.short, stand.objective);
        if self.stands.as_ref().is_none_or(|stand| merit(&short, objective) <= stands(stand)) {
            self.stands = Some(Stand { short, objective, values: values.to_vec() });
        }
    }

    /// How far within the limits of each row that joins parts decisions are to be, so that those rows are kept where they
    /// are broken at its values.
    pub fn margins(&self) -> Vec<f64> {
        let broken = self.stands.iter().flat_map(|stand| stand.short.iter().skip(1));
        broken.map(|broken| MARGIN * broken).collect()
    }

    /// Its values.
    pub fn values(&self) -> Option<&[f64]> {
        self.stands.as_ref().map(|stand| stand.values.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_short_counts_at_twice_its_dearest_price_so_far() {
        let mut anchor = Anchor::nowhere();
        anchor.price([-3.0, 0.5].into_iter());
        anchor.offer(vec![2.0, 4.0], 100.0, &[1.0]);
        // 100 + 6 × 2 + 1 × 4 = 116 against 117 + 6 × 0 + 1 × 0.
        anchor.offer(vec![0.0, 0.0], 117.0, &[2.0]);
        assert_eq!(anchor.values(), Some(&[1.0][..]));
        assert_eq!(anchor.margins(), [8.0]);
        // What is worth less now leaves the price; what has become dearer makes the same values better.
        anchor.price([1.0, 0.0].into_iter());
        anchor.offer(vec![0.0, 0.0], 117.0, &[2.0]);
        assert_eq!(anchor.values(), Some(&[1.0][..]));
        anchor.price([0.0, 0.7].into_iter());
        anchor.offer(vec![0.0, 0.0], 117.0, &[2.0]);
        assert_eq!(anchor.values(), Some(&[2.0][..]));
    }
}
