//! How far turns have led, and whether they lead on.

/// How often the network is solved at what the rest decides, before it counts how far that has led.
const TURNS: usize = 40;
/// What is left to prove must shrink to this part of it in so many turns, else they end.
const SHRINKS: f64 = 0.9;
/// Most programs are done after fewer turns. From there on steps are short, and the rest goes on from where it stood.
const QUICK: usize = 15;
/// Where parts have planes of their own, the first turns say nearly all of them.
const FIRST_STEPS: usize = 3;
/// One step in so many is a whole one.
const WHOLE_STEP: usize = 4;
/// A value is proven when no more than this part of it is left to prove.
const PROVEN: f64 = 1e-9;
/// Where nothing moves any more, what is left is the rounding of the solver of the rest: no more than that solver's own
/// tolerance. Where parts have planes of their own, that is enough after so many turns as count at once, too.
const PROVEN_AT_REST: f64 = 1e-7;
/// Nothing moves any more where neither value nor bound has for so many turns.
const STILL: u32 = 6;
/// What moves by less than this part does not move.
const SAME: f64 = 1e-12;

/// The best value and the bound so far, and how they came about.
pub struct Progress {
    /// Whether each part of the network has planes of its own.
    pub has_parts: bool,
    turn: usize,
    best: f64,
    bound: f64,
    /// Both a turn earlier, and for how many turns they have been so.
    last: (f64, f64),
    still: u32,
    /// What was left to prove when that counted last.
    unproven: f64,
}

impl Progress {
    /// None yet.
    pub fn none() -> Self {
        let (best, bound) = (f64::INFINITY, f64::NEG_INFINITY);
        Self {
            has_parts: false,
            turn: 0,
            best,
            bound,
            last: (best, bound),
            still: 0,
            unproven: f64::INFINITY,
        }
    }

    /// Whether a value is better than the best so far.
    pub fn is_better(&self, value: f64) -> bool {
        value < self.best
    }

    /// A better value was found.
    pub fn improve(&mut self, value: f64) {
        self.best = value;
    }

    /// A turn begins.
    pub fn begin(&mut self) {
        self.turn += 1;
    }

    /// A turn ends with a bound. Whether it is the best so far; where the network is one, the last counts.
    pub fn end(&mut self, bound: f64) -> bool {
        let counts = !self.has_parts || bound > self.bound;
        if counts {
            self.bound = bound;
        }
        let is_same = |a: f64, b: f64| b.is_finite() && (a - b).abs() <= SAME * b.abs();
        let stands = is_same(self.best, self.last.0) && is_same(self.bound, self.last.1);
        self.still = if stands { self.still + 1 } else { 0 };
        self.last = (self.best, self.bound);
        counts
    }

    /// Whether the value is proven, with so much beside it; `is_over` where the network would be asked the same again.
    pub fn is_proven(&self, beside: f64, is_over: bool) -> bool {
        // A bound above the value would be as wrong as one far below it.
        let left = (self.best - self.bound).abs();
        let within = |part: f64| left <= part * (self.best + beside).abs().max(1.0);
        let is_long = self.has_parts && self.turn > TURNS;
        let no_further = is_over || is_long || self.still >= STILL;
        self.best.is_finite() && (within(PROVEN) || (no_further && within(PROVEN_AT_REST)))
    }

    /// Whether another turn is worth while. Large programs have so many as shrink what is left to prove.
    pub fn leads_on(&mut self, is_large: bool) -> bool {
        if !self.turn.is_multiple_of(TURNS) {
            return true;
        }
        let left = self.best - self.bound;
        let leads_on = (is_large || self.has_parts) && left.is_finite() && left < SHRINKS * self.unproven;
        self.unproven = left;
        leads_on
    }

    /// Whether it takes more turns than most programs do.
    fn is_slow(&self) -> bool {
        self.turn > QUICK
    }

    /// Whether the rest goes on from where it stood.
    pub fn goes_on(&self) -> bool {
        self.has_parts || self.is_slow()
    }

    /// Whether the next step is a short one. Where parts have planes of their own it is not after one that taught nothing
    /// new: a shorter one would not, either.
    pub fn steps_short(&self, is_new: bool) -> bool {
        let begins = if self.has_parts { is_new && self.turn > FIRST_STEPS } else { self.is_slow() };
        begins && !self.turn.is_multiple_of(WHOLE_STEP)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_proven_by_its_bound_and_by_a_wider_one_once_nothing_moves() {
        let mut progress = Progress::none();
        progress.improve(100.0);
        for turn in 0..7 {
            progress.begin();
            progress.end(100.0 - 1e-6);
            assert_eq!(progress.is_proven(0.0, false), turn == 6, "turn {turn}");
        }
        // A thousand times as much beside it asks for a thousandth of the proof.
        assert!(progress.is_proven(0.0, true));
        progress.end(100.0 - 1e-4);
        assert!(!progress.is_proven(0.0, true));
        assert!(progress.is_proven(1e6, false));
    }

    #[test]
    fn a_large_program_has_turns_as_long_as_forty_of_them_lead_on() {
        let lead_on = |is_large: bool, bounds: [f64; 2]| {
            let mut progress = Progress::none();
            progress.improve(100.0);
            bounds.map(|bound| {
                (0..40).for_each(|_| progress.begin());
                progress.end(bound);
                progress.leads_on(is_large)
            })
        };
        // Of 50 left to prove, 44 are left after forty turns more, or 46.
        assert_eq!(lead_on(true, [50.0, 56.0]), [true, true]);
        assert_eq!(lead_on(true, [50.0, 54.0]), [true, false]);
        assert_eq!(lead_on(false, [50.0, 56.0]), [false, false]);
    }
}
