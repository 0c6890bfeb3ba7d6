//! Which column a variable has and which row a constraint, and back.
//!
//! Nearly all columns say who is treated where: millions of them at fine resolution. They stand first, the sites of one
//! point side by side in order of site, so that a table of points finds them. No key of theirs is stored or hashed.
//! Whatever else there is once for each area and specialty is found by such a table too; all else by its hash.

use super::keys::{ConstraintKey, Treated, Unmet, VariableKey};
use crate::domain::system::CareSystem;
use crate::domain::{AreaIx, Ix, PeriodIx, SiteIx, SpecialtyIx};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// No position.
const NONE: u32 = u32::MAX;

/// An area's need of a specialty in a period.
type PointIx = (AreaIx, SpecialtyIx, PeriodIx);

/// A position for every area, specialty and period that has one.
#[derive(Debug, Clone)]
struct PointTable {
    areas: usize,
    specialties: usize,
    positions: Vec<u32>,
}

impl PointTable {
    fn new(system: &CareSystem) -> Self {
        Self { areas: system.areas.len(), specialties: system.specialties.len(), positions: Vec::new() }
    }
    fn cell(&self, (area, specialty, period): PointIx) -> usize {
        debug_assert!(area.get() < self.areas && specialty.get() < self.specialties, "a key of this system");
        (period.get() * self.areas + area.get()) * self.specialties + specialty.get()
    }
    fn find(&self, point: PointIx) -> Option<usize> {
        let position = *self.positions.get(self.cell(point))?;
        (position != NONE).then_some(position as usize)
    }
    /// Enters a position. Whole periods at a time get their room, when their first point comes.
    fn insert(&mut self, point: PointIx, position: u32) {
        let cell = self.cell(point);
        if cell >= self.positions.len() {
            self.positions.resize((point.2.get() + 1) * self.areas * self.specialties, NONE);
        }
        assert!(self.positions[cell] == NONE, "the key of {point:?} is registered once");
        self.positions[cell] = position;
    }
}

/// Columns of one point, one for each site in reach.
#[derive(Debug, Clone, Copy)]
struct Run {
    first: u32,
    point: PointIx,
}

/// Keys of the columns.
#[derive(Debug, Clone)]
pub struct ColumnKeys {
    /// Who is treated: the first columns, in order.
    runs: Vec<Run>,
    run_of: PointTable,
    sites: Vec<SiteIx>,
    /// All further columns, in order.
    further: Vec<VariableKey>,
    unmet: PointTable,
    others: FxHashMap<VariableKey, u32>,
    all: OnceLock<Vec<VariableKey>>,
}

impl ColumnKeys {
    /// No columns yet.
    pub fn new(system: &CareSystem) -> Self {
        Self {
            runs: Vec::new(),
            run_of: PointTable::new(system),
            sites: Vec::new(),
            further: Vec::new(),
            unmet: PointTable::new(system),
            others: FxHashMap::default(),
            all: OnceLock::new(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.sites.len() + self.further.len()
    }

    /// Registers the columns of those treated of a point, in ascending order of site.
    ///
    /// # Panics
    /// When other columns came before, when the point is there already, or when sites are out of order: two columns
    /// for one key are a bug of the formulation.
    pub fn push_treated(
        &mut self,
        area: AreaIx,
        specialty: SpecialtyIx,
        period: PeriodIx,
        sites: impl Iterator<Item = SiteIx>,
    ) {
        assert!(self.further.is_empty(), "those treated stand before all other columns");
        let point = (area, specialty, period);
        let first = self.sites.len();
        self.sites.extend(sites);
        assert!(self.sites[first..].is_sorted_by(|a, b| a < b), "the sites of {point:?} are in order");
        self.run_of.insert(point, position(self.runs.len()));
        self.runs.push(Run { first: position(first), point });
        self.all.take();
    }

    /// Registers any other key at the next position.
    ///
    /// # Panics
    /// When the key is there already.
    pub fn push(&mut self, key: VariableKey) {
        let at = position(self.len());
        match key {
            VariableKey::Treated(_) => unreachable!("those treated are registered by point"),
            VariableKey::Unmet(Unmet { area, specialty, period }) => {
                self.unmet.insert((area, specialty, period), at);
            }
            other => {
                let earlier = self.others.insert(other, at);
                assert!(earlier.is_none(), "the key {other:?} is registered once");
            }
        }
        self.further.push(key);
        self.all.take();
    }

    /// The position of a key; `None` when the program has no such column. O(1), for those treated O(log sites).
    pub fn find(&self, key: &VariableKey) -> Option<usize> {
        match *key {
            VariableKey::Treated(Treated { area, site, specialty, period }) => {
                let (first, sites) = self.treated(area, specialty, period);
                Some(first + sites.binary_search(&site).ok()?)
            }
            VariableKey::Unmet(Unmet { area, specialty, period }) => {
                self.unmet.find((area, specialty, period))
            }
            ref other => self.others.get(other).map(|&at| at as usize),
        }
    }

    /// Where those treated of a point begin, and at which sites they are; no sites where the program has no such
    /// point.
    pub fn treated(&self, area: AreaIx, specialty: SpecialtyIx, period: PeriodIx) -> (usize, &[SiteIx]) {
        match self.run_of.find((area, specialty, period)) {
            None => (0, &[]),
            Some(run) => (self.runs[run].first as usize, self.sites_of(run)),
        }
    }

    fn sites_of(&self, run: usize) -> &[SiteIx] {
        let end = self.runs.get(run + 1).map_or(self.sites.len(), |next| next.first as usize);
        &self.sites[self.runs[run].first as usize..end]
    }

    /// The key at a position. O(1), for those treated O(log points).
    pub fn key(&self, at: usize) -> VariableKey {
        if at >= self.sites.len() {
            return self.further[at - self.sites.len()];
        }
        // Points without a site in reach have a run of no columns: the last of those that begin here is meant.
        let run = self.runs.partition_point(|run| run.first as usize <= at) - 1;
        treated(self.runs[run].point, self.sites[at])
    }

    /// Keys and positions of all columns but those treated, in order.
    pub fn further(&self) -> impl Iterator<Item = (usize, VariableKey)> + '_ {
        (self.sites.len()..).zip(self.further.iter().copied())
    }

    /// Every key, in order of position; made when first asked for.
    pub fn all(&self) -> &[VariableKey] {
        self.all.get_or_init(|| {
            let mut keys = Vec::with_capacity(self.len());
            for (run, &Run { point, .. }) in self.runs.iter().enumerate() {
                keys.extend(self.sites_of(run).iter().map(|&site| treated(point, site)));
            }
            keys.extend_from_slice(&self.further);
            keys
        })
    }
}

fn treated((area, specialty, period): PointIx, site: SiteIx) -> VariableKey {
    Treated { area, site, specialty, period }.into()
}

/// Keys of the rows.
#[derive(Debug, Clone)]
pub struct RowKeys {
    keys: Vec<ConstraintKey>,
    balances: PointTable,
    step_down: PointTable,
    others: FxHashMap<ConstraintKey, u32>,
}

impl RowKeys {
    /// No rows yet.
    pub fn new(system: &CareSystem) -> Self {
        Self {
            keys: Vec::new(),
            balances: PointTable::new(system),
            step_down: PointTable::new(system),
            others: FxHashMap::default(),
        }
    }

    /// Registers a key at the next position.
    ///
    /// # Panics
    /// When the key is there already: two rows for one key are a bug of the formulation.
    pub fn push(&mut self, key: ConstraintKey) {
        let at = position(self.keys.len());
        match key {
            ConstraintKey::DemandBalance { area, specialty, period } => {
                self.balances.insert((area, specialty, period), at);
            }
            ConstraintKey::StepDownShare { area, specialty, period } => {
                self.step_down.insert((area, specialty, period), at);
            }
            other => {
                let earlier = self.others.insert(other, at);
                assert!(earlier.is_none(), "the key {other:?} is registered once");
            }
        }
        self.keys.push(key);
    }

    /// The position of a key; `None` when the program has no such row.
    pub fn find(&self, key: &ConstraintKey) -> Option<usize> {
        match *key {
            ConstraintKey::DemandBalance { area, specialty, period } => {
                self.balances.find((area, specialty, period))
            }
            ConstraintKey::StepDownShare { area, specialty, period } => {
                self.step_down.find((area, specialty, period))
            }
            ref other => self.others.get(other).map(|&at| at as usize),
        }
    }

    /// Every key, in order of position.
    pub fn all(&self) -> &[ConstraintKey] {
        &self.keys
    }
}

fn position(at: usize) -> u32 {
    u32::try_from(at).expect("a program has fewer than 2^32 rows and columns")
}
