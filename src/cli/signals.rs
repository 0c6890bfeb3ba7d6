//! Ctrl-C: the first asks the solver to stop, the second ends the program.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// What a shell reports for a program that Ctrl-C ended: 128 + the number of the signal.
const ENDED_BY_CTRL_C: i32 = 130;

/// The folder or file being written: removed when the program is ended in the middle.
static HALF_WRITTEN: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Whether somebody has asked the program to stop.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens to Ctrl-C from here on. Where that is not possible Ctrl-C ends the program at once.
    pub fn listen() -> Self {
        let interrupt = Self::default();
        let flag = interrupt.flag();
        let listening = ctrlc::set_handler(move || {
            if flag.swap(true, Ordering::SeqCst) {
                remove_half_written();
                std::process::exit(ENDED_BY_CTRL_C);
            }
            eprintln!("stopping at the next safe point; press Ctrl-C again to stop at once");
        });
        drop(listening);
        interrupt
    }
    /// The flag that a solver looks at.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0)
    }
    /// Whether somebody has asked.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// Marks a path as half written while the value lives.
#[derive(Debug)]
pub struct HalfWritten(());

impl HalfWritten {
    /// Marks it.
    pub fn mark(path: &Path) -> Self {
        *HALF_WRITTEN.lock().unwrap_or_else(PoisonError::into_inner) = Some(path.to_owned());
        Self(())
    }
    /// Runs the last step, during which Ctrl-C waits: it ends with the path whole or still half written.
    pub fn finish<T, E>(self, step: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let mut marked = HALF_WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
        let done = step()?;
        *marked = None;
        Ok(done)
    }
}

impl Drop for HalfWritten {
    fn drop(&mut self) {
        *HALF_WRITTEN.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn remove_half_written() {
    let path = HALF_WRITTEN.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(path) = path {
        // The program ends here: nothing is left to be told if this fails.
        drop(std::fs::remove_dir_all(&path).or_else(|_| std::fs::remove_file(&path)));
    }
}
