//! Shadow prices of each level, by constraint.

use crate::domain::policy::Term;
use crate::formulation::keys::ConstraintKey;

/// The name of a solved level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LevelName {
    /// A term of the objective; for inequality, which round of the leximin (from 1).
    Term(Term, u8),
    /// The weighted sum.
    Weighted,
}

impl LevelName {
    /// The level of this name; `None` where there is no such level.
    pub fn named(name: &str) -> Option<Self> {
        if name == "weighted" {
            return Some(Self::Weighted);
        }
        if let Some(round) = name.strip_prefix("inequality_") {
            return round.parse().ok().map(|round| Self::Term(Term::Inequality, round));
        }
        Term::from_name(name).map(|term| Self::Term(term, 1))
    }
}

impl std::fmt::Display for LevelName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Term(Term::Inequality, round) => write!(f, "inequality_{round}"),
            Self::Term(term, _) => f.write_str(term.name()),
            Self::Weighted => f.write_str("weighted"),
        }
    }
}

/// The shadow prices of one level.
///
/// A price is the change of the level's objective, as the program holds it (money in £ million), when
/// the constraint's bound rises by one. Demand balances are left out: given the others, the price of an
/// area's need is the least of what it costs to treat it at any site in reach or to leave it unmet, and
/// whoever checks the bound works it out anew.
#[derive(Debug, Clone)]
pub struct LevelPrices {
    /// Which level.
    pub level: LevelName,
    /// Price of each constraint but demand balances, in order of key; zero prices are left out.
    pub prices: Vec<(ConstraintKey, f64)>,
}

/// Between which bounds of a constraint its price holds.
///
/// For every bound from `from` to `to` the level's best value changes by the price for each unit of the bound, and
/// beyond them by another one. In the unit of the constraint's bound.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PriceRange {
    /// The bound as the model has it.
    pub bound: f64,
    /// The least bound for which the price holds; `None` where there is no end.
    pub from: Option<f64>,
    /// The largest; `None` where there is no end.
    pub to: Option<f64>,
}

impl PriceRange {
    /// Whether the bound stands at an end of the range: the price is then one of several (a degenerate optimum), and one unit more is
    /// worth something else than one unit fewer.
    pub fn is_degenerate(&self) -> bool {
        self.from == Some(self.bound) || self.to == Some(self.bound)
    }
}
