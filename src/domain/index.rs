//! Dense positions and the registers that tie them to identifiers.

use std::collections::HashMap;
use std::hash::Hash;
use std::marker::PhantomData;

/// A dense position of one kind of thing.
pub trait Ix: Copy + Eq + Ord + Hash {
    /// From a position.
    fn from_usize(position: usize) -> Self;
    /// The position.
    fn get(self) -> usize;
}

macro_rules! indices {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);
        impl Ix for $name {
            fn from_usize(position: usize) -> Self {
                Self(u32::try_from(position).expect("a register holds fewer than 2^32 entries"))
            }
            fn get(self) -> usize { self.0 as usize }
        }
    )+};
}

indices! {
    /// Position of an area.
    AreaIx;
    /// Position of a site.
    SiteIx;
    /// Position of a specialty.
    SpecialtyIx;
    /// Position of a trust.
    TrustIx;
    /// Position of a group of trusts.
    GroupIx;
    /// Position of a commissioner.
    CommissionerIx;
    /// Position of a region.
    RegionIx;
    /// Position of a council.
    CouncilIx;
    /// Position of a social-care service.
    ServiceIx;
    /// Position of a period.
    PeriodIx;
    /// Position of a prevention programme.
    ProgrammeIx;
    /// Position of an equity group (what the groups are is a setting of the model).
    EquityGroupIx;
}

/// Things of one kind, in the order of their identifiers, reachable both ways.
///
/// The order of rows in the input therefore never reaches the answer.
#[derive(Debug, Clone)]
pub struct Register<Id, X, T> {
    ids: Vec<Id>,
    items: Vec<T>,
    positions: HashMap<Id, usize>,
    index: PhantomData<X>,
}

impl<Id: Clone + Ord + Hash, X: Ix, T> Register<Id, X, T> {
    /// Builds a register from unordered entries.
    ///
    /// # Panics
    /// When an identifier occurs twice: readers report duplicates before they get here.
    pub fn new(entries: impl IntoIterator<Item = (Id, T)>) -> Self {
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        Self::in_order(entries)
    }
    /// Builds a register whose order is that of the entries: for things with an order of their own, as
    /// periods have.
    ///
    /// # Panics
    /// When an identifier occurs twice.
    pub fn in_order(entries: impl IntoIterator<Item = (Id, T)>) -> Self {
        let (ids, items): (Vec<Id>, Vec<T>) = entries.into_iter().unzip();
        let positions: HashMap<Id, usize> = ids.iter().cloned().zip(0..).collect();
        assert_eq!(positions.len(), ids.len(), "identifiers are unique once checked");
        Self { ids, items, positions, index: PhantomData }
    }
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ids.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
    /// The position of an identifier; `None` when it is unknown.
    pub fn find<Q: ?Sized + Hash + Eq>(&self, id: &Q) -> Option<X>
    where
        Id: std::borrow::Borrow<Q>,
    {
        self.positions.get(id).map(|&p| X::from_usize(p))
    }
    /// The identifier at a position.
    pub fn id(&self, x: X) -> &Id {
        &self.ids[x.get()]
    }
    /// All positions, in order.
    pub fn indices(&self) -> impl ExactSizeIterator<Item = X> + Clone + use<Id, X, T> {
        (0..self.ids.len()).map(X::from_usize)
    }
    /// All identifiers, in order.
    pub fn ids(&self) -> &[Id] {
        &self.ids
    }
    /// Positions, identifiers and things, in order.
    pub fn iter(&self) -> impl Iterator<Item = (X, &Id, &T)> {
        self.ids.iter().zip(&self.items).enumerate().map(|(p, (id, item))| (X::from_usize(p), id, item))
    }
}

impl<Id, X: Ix, T> std::ops::Index<X> for Register<Id, X, T> {
    type Output = T;
    fn index(&self, x: X) -> &T {
        &self.items[x.get()]
    }
}

/// A full table with one value for every pair of a row and a column.
#[derive(Debug, Clone)]
pub struct Grid<R, C, T> {
    columns: usize,
    values: Vec<T>,
    index: PhantomData<(R, C)>,
}

impl<R: Ix, C: Ix, T: Clone> Grid<R, C, T> {
    /// A table of one repeated value.
    pub fn filled(rows: usize, columns: usize, value: T) -> Self {
        Self { columns, values: vec![value; rows * columns], index: PhantomData }
    }
    /// The values of one row, in column order.
    pub fn row(&self, row: R) -> &[T] {
        &self.values[row.get() * self.columns..][..self.columns]
    }
    /// All values, row by row.
    pub fn values(&self) -> &[T] {
        &self.values
    }
}

impl<R: Ix, C: Ix, T> std::ops::Index<(R, C)> for Grid<R, C, T> {
    type Output = T;
    fn index(&self, (row, column): (R, C)) -> &T {
        &self.values[row.get() * self.columns + column.get()]
    }
}
impl<R: Ix, C: Ix, T> std::ops::IndexMut<(R, C)> for Grid<R, C, T> {
    fn index_mut(&mut self, (row, column): (R, C)) -> &mut T {
        &mut self.values[row.get() * self.columns + column.get()]
    }
}
