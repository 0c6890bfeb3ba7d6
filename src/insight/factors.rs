//! What the unmet share of a place is made of, so that it can be set against the nation's.
//!
//! `docs/explanations.md` has the function in words and algebra; [`Factors::unmet_share`] is all of it.

use super::split::shapley;
use serde::Serialize;

/// A cause of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Factor {
    /// Population, age and deprivation: need that one would expect, by head.
    Need,
    /// Today's use against that.
    Use,
    /// Delay released, need prevented, less need that beds bring forth.
    Discharge,
    /// Beds before the plan, by head.
    Beds,
    /// Beds that the plan adds of its own choice, within the sizes of sites.
    NewBeds,
    /// Caps of occupancy, pins, floors and ceilings.
    Policy,
    /// Who can reach which beds: patients across the border, beds that stand empty.
    Travel,
}

impl Factor {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 7] =
        [Self::Need, Self::Use, Self::Discharge, Self::Beds, Self::NewBeds, Self::Policy, Self::Travel];
}

/// What the unmet share of a place is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factors {
    /// n: expected need by head, occupied beds a person.
    pub need: f64,
    /// g: need over expected need.
    pub usage: f64,
    /// l: share of need that is released or prevented, less what beds bring forth.
    pub relief: f64,
    /// b: beds before the plan by head.
    pub beds: f64,
    /// w: beds that the plan adds of its own choice, as a share of those before.
    pub chosen: f64,
    /// ρ: occupancy cap.
    pub cap: f64,
    /// v: new beds that agreements decide, as a share of beds before.
    pub agreed: f64,
    /// x: need treated over the room in the place's own beds.
    pub reach: f64,
}

/// What a place has, as the files tell it: occupied beds, persons and beds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amounts {
    /// D: need.
    pub need: f64,
    /// T: need treated.
    pub treated: f64,
    /// U: need left unmet.
    pub unmet: f64,
    /// E: need that age and deprivation lead one to expect.
    pub expected: f64,
    /// P: people.
    pub people: f64,
    /// B⁰: beds before the plan.
    pub before: f64,
    /// B: beds after it.
    pub after: f64,
    /// C: room in the beds after it, beds times cap.
    pub room: f64,
    /// V: new beds that agreements decide.
    pub agreed: f64,
}

impl Factors {
    /// The factors of a place that has people, need and beds of its own; `None` where one of these is missing.
    pub fn of(a: &Amounts) -> Option<Self> {
        let positive = [a.need, a.treated, a.expected, a.people, a.before, a.after, a.room];
        positive.into_iter().all(|amount| amount > 0.0).then(|| Self {
            need: a.expected / a.people,
            usage: a.need / a.expected,
            relief: 1.0 - (a.unmet + a.treated) / a.need,
            beds: a.before / a.people,
            chosen: (a.after - a.before - a.agreed) / a.before,
            cap: a.room / a.after,
            agreed: a.agreed / a.before,
            reach: a.treated / a.room,
        })
    }
    /// The factors of a place without beds of its own: as if it had the nation's by head, so that only travel tells
    /// what its people get of them. `None` where it has no people or no need.
    pub fn without_beds(a: &Amounts, nation: &Self) -> Option<Self> {
        let positive = [a.need, a.expected, a.people];
        let room = nation.beds * (1.0 + nation.agreed + nation.chosen) * nation.cap;
        positive.into_iter().all(|amount| amount > 0.0).then(|| Self {
            need: a.expected / a.people,
            usage: a.need / a.expected,
            relief: 1.0 - (a.unmet + a.treated) / a.need,
            reach: a.treated / a.people / room,
            ..*nation
        })
    }
    /// Unmet share of need: 1 − l − b (1 + v + w) ρ x ÷ (n g).
    pub fn unmet_share(&self) -> f64 {
        let room = self.beds * (1.0 + self.agreed + self.chosen) * self.cap;
        1.0 - self.relief - room * self.reach / (self.need * self.usage)
    }
    /// The factors of a place where `own` says so, else those of another.
    fn mixed(own: &Self, other: &Self, is_own: impl Fn(Factor) -> bool) -> Self {
        let side = |factor| if is_own(factor) { own } else { other };
        Self {
            need: side(Factor::Need).need,
            usage: side(Factor::Use).usage,
            relief: side(Factor::Discharge).relief,
            beds: side(Factor::Beds).beds,
            chosen: side(Factor::NewBeds).chosen,
            cap: side(Factor::Policy).cap,
            agreed: side(Factor::Policy).agreed,
            reach: side(Factor::Travel).reach,
        }
    }
    /// The difference of two unmet shares, `own` less `other`, split among the factors: in the order of
    /// [`Factor::ALL`], adding up to the difference. 128 evaluations of the function.
    pub fn split(own: &Self, other: &Self) -> Vec<(Factor, f64)> {
        let value = |set: u32| {
            let is_own = |factor: Factor| set >> (factor as u32) & 1 == 1;
            Self::mixed(own, other, is_own).unmet_share()
        };
        Factor::ALL.into_iter().zip(shapley(Factor::ALL.len(), value)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts() -> [Amounts; 2] {
        let one = Amounts {
            need: 60.0,
            treated: 50.0,
            unmet: 8.0,
            expected: 55.0,
            people: 30_000.0,
            before: 50.0,
            after: 58.0,
            room: 47.0,
            agreed: 2.0,
        };
        let nation = Amounts { need: 600.0, treated: 560.0, unmet: 28.0, before: 690.0, after: 700.0, ..one };
        [one, Amounts { expected: 600.0, people: 310_000.0, room: 572.0, agreed: 0.0, ..nation }]
    }

    #[test]
    fn the_function_gives_the_share_that_the_files_tell() {
        for amounts in amounts() {
            let share = Factors::of(&amounts).expect("people, need and beds").unmet_share();
            assert!((share - amounts.unmet / amounts.need).abs() < 1e-12, "{share}");
        }
    }
    #[test]
    fn the_parts_of_a_gap_add_up_to_it() {
        let [own, nation] = amounts().map(|a| Factors::of(&a).expect("factors"));
        let sum: f64 = Factors::split(&own, &nation).iter().map(|(_, part)| part).sum();
        assert!((sum - (own.unmet_share() - nation.unmet_share())).abs() < 1e-12);
    }
    #[test]
    fn a_place_without_beds_owes_its_gap_to_need_and_travel_alone() {
        let [own, nation] = amounts();
        let nation = Factors::of(&nation).expect("factors");
        let bare = Amounts { before: 0.0, after: 0.0, room: 0.0, agreed: 0.0, ..own };
        assert_eq!(Factors::of(&bare), None);
        let factors = Factors::without_beds(&bare, &nation).expect("people and need");
        assert!((factors.unmet_share() - own.unmet / own.need).abs() < 1e-12);
        for (factor, part) in Factors::split(&factors, &nation) {
            let idle = matches!(factor, Factor::Beds | Factor::NewBeds | Factor::Policy);
            assert!(!idle || part == 0.0, "{factor:?}: {part}");
        }
    }
    #[test]
    fn more_need_and_fewer_beds_raise_the_share_and_more_release_lowers_it() {
        let [_, nation] = amounts().map(|a| Factors::of(&a).expect("factors"));
        let moved = |own: Factors| Factors::split(&own, &nation);
        for (own, factor, sign) in [
            (Factors { need: nation.need * 1.1, ..nation }, Factor::Need, 1.0),
            (Factors { beds: nation.beds * 0.9, ..nation }, Factor::Beds, 1.0),
            (Factors { relief: nation.relief + 0.01, ..nation }, Factor::Discharge, -1.0),
            (Factors { cap: nation.cap * 1.1, ..nation }, Factor::Policy, -1.0),
        ] {
            for (found, part) in moved(own) {
                assert_eq!(found == factor, part * sign > 0.0, "{found:?}: {part}");
            }
        }
    }
}
