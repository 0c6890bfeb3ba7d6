//! HiGHS behind a safe door: the only unsafe code of the crate.
//!
//! The `highs` crate owns the HiGHS object (creation, options, destruction) and names its statuses. It
//! has no call for row bounds, bases, callbacks, conflicts or passing a finished program at once; those
//! come from `highs-sys` here. Every array handed over is checked for length first.
#![allow(unsafe_code)]

use super::{Basis, BasisStatus};
use crate::lp::{Bounds, LinearProgram, Sense};
use highs::{HighsModelStatus, HighsOptionValue, Model, RowProblem};
use highs_sys::{self as sys, HighsInt};
use std::cell::Cell;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// What HiGHS would not do, in words.
pub(super) type Refusal = String;

/// One live HiGHS object.
pub(super) struct Engine {
    model: Model,
    columns: usize,
    rows: usize,
    // Read by the callback while HiGHS runs, so it lives as long as the model.
    interrupt: Option<Arc<AtomicBool>>,
}

// SAFETY: a HiGHS object belongs to no thread. It is used by one thread at a time, since every call that runs it takes
// `&mut self` of its owner; the workers that help it are the calling thread's own, and rest between calls.
unsafe impl Send for Engine {}

/// Values and prices as HiGHS holds them.
pub(super) struct Values {
    pub columns: Vec<f64>,
    pub column_duals: Vec<f64>,
    pub rows: Vec<f64>,
    pub row_duals: Vec<f64>,
}

/// Which sides of a row or column are in a conflict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConflictSide {
    Neither,
    Lower,
    Upper,
    Both,
}

/// A conflict by position: columns, then rows.
pub(super) struct Iis {
    pub columns: Vec<(u32, ConflictSide)>,
    pub rows: Vec<(u32, ConflictSide)>,
}

/// The version of HiGHS linked in.
pub(super) fn version() -> String {
    // SAFETY: the function takes nothing and returns a NUL-terminated string that lives for ever.
    let text = unsafe { CStr::from_ptr(sys::Highs_version()) };
    text.to_string_lossy().into_owned()
}

thread_local! {
    /// HiGHS keeps one pool of workers per calling thread and refuses to change its size once made.
    static POOL: Cell<HighsInt> = const { Cell::new(-1) };
}

/// Makes room for a pool of another size on this thread; to be called before a run.
pub(super) fn prepare_pool(threads: HighsInt) {
    if POOL.replace(threads) != threads {
        // SAFETY: no HiGHS call runs on this thread now, and the pool belongs to this thread.
        unsafe { sys::Highs_resetGlobalScheduler(1) };
    }
}

impl Engine {
    /// An empty, silent engine that stops when `interrupt` is set.
    pub(super) fn new(interrupt: Option<Arc<AtomicBool>>) -> Result<Self, Refusal> {
        let model = Model::try_new(RowProblem::default()).map_err(|s| format!("an empty model: {s:?}"))?;
        let mut engine = Self { model, columns: 0, rows: 0, interrupt };
        engine.listen_for_interrupts()?;
        Ok(engine)
    }

    /// Sets an option by its HiGHS name.
    pub(super) fn set<V: HighsOptionValue>(&mut self, option: &str, value: V) -> Result<(), Refusal> {
        self.model.try_set_option(option, value).map_err(|_| format!("the option {option}"))
    }

    /// Sends HiGHS' own log to a file, and nowhere else.
    pub(super) fn log_to(&mut self, path: &Path) -> Result<(), Refusal> {
        let text = path.to_str().ok_or("a log path that is not UTF-8")?;
        let text = CString::new(text).map_err(|_| "a log path with a NUL in it")?;
        self.set("log_to_console", false)?;
        self.set("log_file", text.as_c_str())?;
        self.set("output_flag", true)
    }

    /// Sets the number of threads; 0 leaves it to HiGHS.
    pub(super) fn set_threads(&mut self, threads: HighsInt) -> Result<(), Refusal> {
        prepare_pool(threads);
        self.set("threads", threads)
    }

    /// Replaces the model by a whole program in one call.
    pub(super) fn pass(&mut self, program: &LinearProgram) -> Result<(), Refusal> {
        let arrays = Arrays::of(program)?;
        let ptr = self.model.as_mut_ptr();
        // SAFETY: `Arrays::of` gives every array the length that the counts promise (columns, rows,
        // non-zeros; row starts have one more); HiGHS copies them before the call returns.
        let status = unsafe {
            sys::Highs_passModel(
                ptr,
                arrays.columns,
                arrays.rows,
                arrays.nonzeros,
                0,
                sys::MATRIX_FORMAT_ROW_WISE,
                sys::kHighsHessianFormatTriangular,
                arrays.sense,
                0.0,
                program.costs().as_ptr(),
                arrays.column_lower.as_ptr(),
                arrays.column_upper.as_ptr(),
                arrays.row_lower.as_ptr(),
                arrays.row_upper.as_ptr(),
                arrays.starts.as_ptr(),
                arrays.indices.as_ptr(),
                program.row_values().as_ptr(),
                std::ptr::null(),
                std::ptr::null(),
                std::ptr::null(),
                if program.has_integers() { arrays.integrality.as_ptr() } else { std::ptr::null() },
            )
        };
        accepted(status, "the program")?;
        self.columns = program.columns();
        self.rows = program.rows();
        Ok(())
    }

    /// Reads a model file (`.lp` or `.mps`).
    pub(super) fn read(&mut self, path: &Path) -> Result<(), Refusal> {
        let text = CString::new(path.to_str().ok_or("a path that is not UTF-8")?)
            .map_err(|_| "a path with a NUL in it")?;
        let ptr = self.model.as_mut_ptr();
        // SAFETY: a live model and a NUL-terminated string.
        accepted(unsafe { sys::Highs_readModel(ptr, text.as_ptr()) }, "the model file")?;
        self.columns = self.model.num_cols();
        self.rows = self.model.num_rows();
        Ok(())
    }

    /// Runs HiGHS on the model as it stands, on a fresh clock.
    pub(super) fn run(&mut self) -> Result<HighsModelStatus, Refusal> {
        let ptr = self.model.as_mut_ptr();
        // SAFETY: a live model; the callback registered with it reads `self.interrupt`, which lives on.
        let status = unsafe {
            sys::Highs_zeroAllClocks(ptr);
            sys::Highs_run(ptr)
        };
        // SAFETY: a live model.
        let answer = HighsModelStatus::try_from(unsafe { sys::Highs_getModelStatus(ptr) });
        let answer = answer.map_err(|_| "a status HiGHS does not document".to_owned())?;
        if status == sys::STATUS_ERROR {
            Err(format!("the run, which ended as {answer:?}"))
        } else {
            Ok(answer)
        }
    }

    /// How many rows the model has.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Keeps the model and drops what was found about it, basis included.
    pub(super) fn forget_solution(&mut self) -> Result<(), Refusal> {
        let ptr = self.model.as_mut_ptr();
        // SAFETY: a live model.
        accepted(unsafe { sys::Highs_clearSolver(ptr) }, "to start afresh")
    }

    /// Changes costs. Positions must ascend.
    pub(super) fn change_costs(&mut self, at: &[u32], costs: &[f64]) -> Result<(), Refusal> {
        let set = self.positions(at, self.columns, costs.len())?;
        let ptr = self.model.as_mut_ptr();
        // SAFETY: both arrays have `set.len()` entries and every position is within the model.
        let status =
            unsafe { sys::Highs_changeColsCostBySet(ptr, count(set.len())?, set.as_ptr(), costs.as_ptr()) };
        accepted(status, "a change of costs")
    }

    /// Changes column bounds. Positions must ascend.
    pub(super) fn change_column_bounds(&mut self, at: &[u32], bounds: &[Bounds]) -> Result<(), Refusal> {
        let set = self.positions(at, self.columns, bounds.len())?;
        let (lower, upper) = sides(bounds);
        let ptr = self.model.as_mut_ptr();
        // SAFETY: the three arrays have `set.len()` entries and every position is within the model.
        let status = unsafe {
            sys::Highs_changeColsBoundsBySet(
                ptr,
                count(set.len())?,
                set.as_ptr(),
                lower.as_ptr(),
                upper.as_ptr(),
            )
        };
        accepted(status, "a change of column bounds")
    }

    /// Changes row bounds. Positions must ascend.
    pub(super) fn change_row_bounds(&mut self, at: &[u32], bounds: &[Bounds]) -> Result<(), Refusal> {
        let set = self.positions(at, self.rows, bounds.len())?;
        let (lower, upper) = sides(bounds);
        let ptr = self.model.as_mut_ptr();
        // SAFETY: the three arrays have `set.len()` entries and every position is within the model.
        let status = unsafe {
            sys::Highs_changeRowsBoundsBySet(
                ptr,
                count(set.len())?,
                set.as_ptr(),
                lower.as_ptr(),
                upper.as_ptr(),
            )
        };
        accepted(status, "a change of row bounds")
    }

    /// Values and duals, in HiGHS' own sign: c − Aᵀy, which is ours too (tested for both senses).
    pub(super) fn values(&self) -> Result<Values, Refusal> {
        let mut values = Values {
            columns: vec![0.0; self.columns],
            column_duals: vec![0.0; self.columns],
            rows: vec![0.0; self.rows],
            row_duals: vec![0.0; self.rows],
        };
        // SAFETY: the four arrays are as long as the model has columns and rows.
        let status = unsafe {
            sys::Highs_getSolution(
                self.model.as_ptr(),
                values.columns.as_mut_ptr(),
                values.column_duals.as_mut_ptr(),
                values.rows.as_mut_ptr(),
                values.row_duals.as_mut_ptr(),
            )
        };
        accepted(status, "to give its solution").map(|()| values)
    }

    /// A fractional figure about the last run.
    pub(super) fn figure(&self, name: &CStr) -> Option<f64> {
        let mut value = 0.0;
        // SAFETY: a live model, a NUL-terminated name, and a place for one f64.
        let status =
            unsafe { sys::Highs_getDoubleInfoValue(self.model.as_ptr(), name.as_ptr(), &raw mut value) };
        (status == sys::STATUS_OK).then_some(value)
    }

    /// A whole figure about the last run.
    pub(super) fn count_of(&self, name: &CStr) -> Option<HighsInt> {
        let mut value = 0;
        // SAFETY: a live model, a NUL-terminated name, and a place for one HighsInt.
        let status =
            unsafe { sys::Highs_getIntInfoValue(self.model.as_ptr(), name.as_ptr(), &raw mut value) };
        (status == sys::STATUS_OK).then_some(value)
    }

    /// The basis, if HiGHS holds a valid one.
    pub(super) fn basis(&self) -> Option<Basis> {
        if self.count_of(c"basis_validity") != Some(sys::kHighsBasisValidityValid) {
            return None;
        }
        let mut columns: Vec<HighsInt> = vec![0; self.columns];
        let mut rows: Vec<HighsInt> = vec![0; self.rows];
        // SAFETY: the arrays are as long as the model has columns and rows.
        let status =
            unsafe { sys::Highs_getBasis(self.model.as_ptr(), columns.as_mut_ptr(), rows.as_mut_ptr()) };
        let read = |codes: Vec<HighsInt>| codes.into_iter().map(status_from).collect();
        (status == sys::STATUS_OK).then(|| Basis { columns: read(columns), rows: read(rows) })
    }

    /// Starts the next run from a basis.
    pub(super) fn set_basis(&mut self, basis: &Basis) -> Result<(), Refusal> {
        if basis.columns.len() != self.columns || basis.rows.len() != self.rows {
            return Err("a basis of another program".to_owned());
        }
        let codes = |of: &[BasisStatus]| of.iter().map(|&s| status_code(s)).collect::<Vec<HighsInt>>();
        let (columns, rows) = (codes(&basis.columns), codes(&basis.rows));
        let ptr = self.model.as_mut_ptr();
        // SAFETY: the arrays are as long as the model has columns and rows, checked above.
        accepted(unsafe { sys::Highs_setBasis(ptr, columns.as_ptr(), rows.as_ptr()) }, "the basis")
    }

    /// Offers a point to start from (used by whole-number solves).
    pub(super) fn set_point(&mut self, columns: &[f64]) -> Result<(), Refusal> {
        if columns.len() != self.columns {
            return Err("a point of another program".to_owned());
        }
        let none = std::ptr::null();
        let ptr = self.model.as_mut_ptr();
        // SAFETY: the array is as long as the model has columns; null means "not given".
        accepted(unsafe { sys::Highs_setSolution(ptr, columns.as_ptr(), none, none, none) }, "the point")
    }

    /// Looks for a conflict in the model; empty when none was found in time.
    pub(super) fn conflict(&mut self) -> Result<Iis, Refusal> {
        let (mut columns, mut rows) = (0, 0);
        let mut column_at: Vec<HighsInt> = vec![0; self.columns];
        let mut row_at: Vec<HighsInt> = vec![0; self.rows];
        let mut column_side: Vec<HighsInt> = vec![0; self.columns];
        let mut row_side: Vec<HighsInt> = vec![0; self.rows];
        let mut column_state: Vec<HighsInt> = vec![0; self.columns];
        let mut row_state: Vec<HighsInt> = vec![0; self.rows];
        let ptr = self.model.as_mut_ptr();
        // SAFETY: a conflict has at most as many members as the model has columns and rows, and the
        // states are one for each column and row.
        let status = unsafe {
            sys::Highs_getIis(
                ptr,
                &raw mut columns,
                &raw mut rows,
                column_at.as_mut_ptr(),
                row_at.as_mut_ptr(),
                column_side.as_mut_ptr(),
                row_side.as_mut_ptr(),
                column_state.as_mut_ptr(),
                row_state.as_mut_ptr(),
            )
        };
        accepted(status, "to look for a conflict")?;
        Ok(Iis {
            columns: members(columns, &column_at, &column_side),
            rows: members(rows, &row_at, &row_side),
        })
    }

    fn listen_for_interrupts(&mut self) -> Result<(), Refusal> {
        let Some(flag) = &self.interrupt else { return Ok(()) };
        let data = Arc::as_ptr(flag).cast::<c_void>().cast_mut();
        let ptr = self.model.as_mut_ptr();
        // SAFETY: the flag lives as long as the model (both are fields of `self`, and the engine never
        // exchanges it); the callback has the signature HiGHS asks for and only reads the flag.
        let statuses = unsafe {
            [
                sys::Highs_setCallback(ptr, Some(stop_when_asked), data),
                sys::Highs_startCallback(ptr, sys::kHighsCallbackSimplexInterrupt),
                sys::Highs_startCallback(ptr, sys::kHighsCallbackIpmInterrupt),
                sys::Highs_startCallback(ptr, sys::kHighsCallbackMipInterrupt),
            ]
        };
        statuses.into_iter().try_for_each(|status| accepted(status, "a way to be stopped"))
    }

    fn positions(&self, at: &[u32], limit: usize, values: usize) -> Result<Vec<HighsInt>, Refusal> {
        let ascending = at.windows(2).all(|pair| pair[0] < pair[1]);
        if at.len() != values || !ascending || at.last().is_some_and(|&last| last as usize >= limit) {
            return Err(format!("a change outside its {} columns and {} rows", self.columns, self.rows));
        }
        at.iter().map(|&p| count(p as usize)).collect()
    }
}

/// Tells HiGHS to stop once the flag is set.
unsafe extern "C" fn stop_when_asked(
    _kind: c_int,
    _message: *const c_char,
    _out: *const sys::HighsCallbackDataOut,
    input: *mut sys::HighsCallbackDataIn,
    flag: *mut c_void,
) {
    if input.is_null() || flag.is_null() {
        return;
    }
    // SAFETY: HiGHS hands back the pointer registered with it, which is an `AtomicBool` that outlives
    // the run, and an `input` that is its own for the length of this call.
    unsafe {
        if (*flag.cast::<AtomicBool>()).load(Ordering::Relaxed) {
            (*input).user_interrupt = 1;
        }
    }
}

/// A program as HiGHS wants it.
struct Arrays {
    columns: HighsInt,
    rows: HighsInt,
    nonzeros: HighsInt,
    sense: HighsInt,
    column_lower: Vec<f64>,
    column_upper: Vec<f64>,
    row_lower: Vec<f64>,
    row_upper: Vec<f64>,
    starts: Vec<HighsInt>,
    indices: Vec<HighsInt>,
    integrality: Vec<HighsInt>,
}

impl Arrays {
    fn of(program: &LinearProgram) -> Result<Self, Refusal> {
        let (column_lower, column_upper) = sides(program.column_bounds());
        let (row_lower, row_upper) = sides(program.row_bounds());
        Ok(Self {
            columns: count(program.columns())?,
            rows: count(program.rows())?,
            nonzeros: count(program.nonzeros())?,
            sense: match program.sense() {
                Sense::Minimise => sys::OBJECTIVE_SENSE_MINIMIZE,
                Sense::Maximise => sys::OBJECTIVE_SENSE_MAXIMIZE,
            },
            column_lower,
            column_upper,
            row_lower,
            row_upper,
            starts: program.row_starts().iter().map(|&s| count(s)).collect::<Result<_, _>>()?,
            indices: program.row_columns().iter().map(|c| count(c.get())).collect::<Result<_, _>>()?,
            integrality: program.integer().iter().map(|&whole| HighsInt::from(whole)).collect(),
        })
    }
}

fn sides(bounds: &[Bounds]) -> (Vec<f64>, Vec<f64>) {
    bounds.iter().map(|b| (b.lower, b.upper)).unzip()
}

fn count(n: usize) -> Result<HighsInt, Refusal> {
    HighsInt::try_from(n).map_err(|_| format!("a program with {n} entries: more than it can count"))
}

fn accepted(status: HighsInt, what: &str) -> Result<(), Refusal> {
    if status == sys::STATUS_ERROR { Err(what.to_owned()) } else { Ok(()) }
}

fn members(number: HighsInt, at: &[HighsInt], sides: &[HighsInt]) -> Vec<(u32, ConflictSide)> {
    let number = usize::try_from(number).unwrap_or(0);
    let side = |code: HighsInt| match code {
        sys::kHighsIisBoundLower => ConflictSide::Lower,
        sys::kHighsIisBoundUpper => ConflictSide::Upper,
        sys::kHighsIisBoundBoxed => ConflictSide::Both,
        _ => ConflictSide::Neither,
    };
    at.iter()
        .zip(sides)
        .take(number)
        .filter_map(|(&p, &code)| u32::try_from(p).ok().map(|p| (p, side(code))))
        .collect()
}

fn status_from(code: HighsInt) -> BasisStatus {
    match code {
        sys::kHighsBasisStatusLower => BasisStatus::AtLower,
        sys::kHighsBasisStatusBasic => BasisStatus::Basic,
        sys::kHighsBasisStatusUpper => BasisStatus::AtUpper,
        sys::kHighsBasisStatusZero => BasisStatus::FreeAtZero,
        _ => BasisStatus::Nonbasic,
    }
}

fn status_code(status: BasisStatus) -> HighsInt {
    match status {
        BasisStatus::AtLower => sys::kHighsBasisStatusLower,
        BasisStatus::Basic => sys::kHighsBasisStatusBasic,
        BasisStatus::AtUpper => sys::kHighsBasisStatusUpper,
        BasisStatus::FreeAtZero => sys::kHighsBasisStatusZero,
        BasisStatus::Nonbasic => sys::kHighsBasisStatusNonbasic,
    }
}
