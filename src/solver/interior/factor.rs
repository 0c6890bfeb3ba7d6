//! Sparse Cholesky factorisation of matrices of one pattern.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::cholesky::llt::factor::LltRegularization;
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, LltRef, SymbolicCholesky, SymmetricOrdering, factorize_symbolic_cholesky,
};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMat};
use faer::{Conj, MatMut, Par, Side, Spec};

/// One thread: the same digits whatever the machine has. A second one was no faster.
const THREADS: Par = Par::Seq;

/// The pattern of a positive definite matrix: its lower triangle.
pub struct Pattern {
    pattern: SymbolicSparseColMat<u32>,
    symbolic: SymbolicCholesky<u32>,
}

/// L of a matrix L Lᵀ.
pub struct Factor(Vec<f64>);

impl Pattern {
    /// From the rows of each column on and below the diagonal, ascending, and where each column begins. `None` where
    /// memory does not do.
    pub fn new(starts: Vec<u32>, rows: Vec<u32>) -> Option<Self> {
        let size = starts.len() - 1;
        let pattern = SymbolicSparseColMat::new_checked(size, size, starts, None, rows);
        let params = CholeskySymbolicParams::default();
        let order = SymmetricOrdering::Amd;
        let symbolic = factorize_symbolic_cholesky(pattern.as_ref(), Side::Lower, order, params).ok()?;
        Some(Self { pattern, symbolic })
    }
    /// Where each column begins.
    pub fn starts(&self) -> &[u32] {
        self.pattern.col_ptr()
    }
    /// The rows of the entries.
    pub fn rows(&self) -> &[u32] {
        self.pattern.row_idx()
    }
    /// Factorises the matrix of these values; `None` where it is not positive definite, or memory does not do.
    pub fn factorise(&self, values: &[f64]) -> Option<Factor> {
        let scratch = self.symbolic.factorize_numeric_llt_scratch::<f64>(THREADS, Spec::default());
        let mut memory = MemBuffer::try_new(scratch).ok()?;
        let mut factor = vec![0.0; self.symbolic.len_val()];
        let matrix = SparseColMatRef::new(self.pattern.as_ref(), values);
        let stack = MemStack::new(&mut memory);
        self.symbolic
            .factorize_numeric_llt(
                &mut factor,
                matrix,
                Side::Lower,
                LltRegularization::default(),
                THREADS,
                stack,
                Spec::default(),
            )
            .ok()?;
        Some(Factor(factor))
    }
    /// Puts the solution of L Lᵀ y = r in place of r.
    pub fn solve(&self, factor: &Factor, right: &mut [f64]) {
        let mut memory = MemBuffer::new(self.symbolic.solve_in_place_scratch::<f64>(1, THREADS));
        let size = right.len();
        let right = MatMut::from_column_major_slice_mut(right, size, 1);
        let stack = MemStack::new(&mut memory);
        LltRef::new(&self.symbolic, &factor.0).solve_in_place_with_conj(Conj::No, right, THREADS, stack);
    }
}
