//! What the benches of whole runs share: a model solved in this process, with its seconds, levels and memory.

#![allow(dead_code, reason = "each bench uses its own part")]

use bedalloc::input::{self, Loaded, Overrides};
use bedalloc::network::TravelTimes;
use bedalloc::pipeline::result::{RunResult, Status};
use bedalloc::pipeline::{Observer, RunEnd, RunOptions, Stage, run};
use bedalloc::solver::{Algorithm, Method, SolverOptions, choose};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Longest time that one solve may take, in a bench that must end.
pub const LIMIT: Duration = Duration::from_secs(120);

/// How a program is solved.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// Its name in the tables.
    pub name: &'static str,
    /// Whole or taken apart, and the algorithm of the engine; none: what the model file says.
    pub chosen: Option<(Method, Algorithm)>,
}

/// What the program does by itself.
pub const SHIPPED: Way = Way { name: "as shipped", chosen: None };

/// A model, ready to be solved.
pub struct Input {
    loaded: Loaded,
    times: TravelTimes,
}

/// A model solved once.
pub struct Timed {
    /// The answer; nothing where the solver stopped at its limit, or the words of its error.
    pub result: Result<Box<RunResult>, String>,
    /// Seconds of each stage, in the order in which they ended.
    pub stages: Vec<(Stage, f64)>,
    /// Seconds of the whole run, without reading and travel times.
    pub seconds: f64,
    /// The most memory of this process during the run, in MB, where the system tells (Linux).
    pub memory: Option<f64>,
}

impl Timed {
    /// Seconds of the stages that pass a test.
    pub fn of(&self, which: impl Fn(&Stage) -> bool) -> f64 {
        self.stages.iter().filter(|(stage, _)| which(stage)).map(|(_, seconds)| seconds).sum()
    }
    /// Seconds of the levels.
    pub fn levels(&self) -> f64 {
        self.of(|stage| matches!(stage, Stage::Start | Stage::Level(..) | Stage::Weighted))
    }
}

/// A shipped model, or nothing where its tables have not been made.
pub fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(format!("{name}.yaml"))
}

/// A model that says something more than a shipped one, in a folder for the time of the bench.
pub fn variant(folder: &Path, base: &str, name: &str, settings: &str) -> PathBuf {
    let path = folder.join(format!("{name}.yaml"));
    fs::write(&path, format!("extends: {:?}\n{settings}\n", shipped(base).display().to_string()))
        .expect("a folder for a bench can be written to");
    path
}

/// Reads a model and finds its travel times.
pub fn read(model: &Path, areas: Option<&str>) -> Result<Input, String> {
    let overrides = Overrides { areas: areas.map(str::to_owned), ..Overrides::default() };
    let loaded = input::load_with(model, &overrides).map_err(|faults| faults.to_string())?;
    let times = TravelTimes::within_reach(&loaded.system).map_err(|error| error.to_string())?;
    Ok(Input { loaded, times })
}

/// Solves a model, without the ranges of regions.
pub fn solve(Input { loaded, times }: &Input, way: Way) -> Timed {
    let begun = Instant::now();
    forget_most_memory();
    let (method, algorithm) =
        way.chosen.unwrap_or_else(|| (loaded.solver.method.into(), loaded.solver.algorithm.into()));
    let options = SolverOptions {
        method,
        algorithm,
        time_limit: Some(LIMIT),
        threads: Some(2),
        ..SolverOptions::default()
    };
    let mut stopwatch = Stopwatch::default();
    let mut make = || choose("highs", options.clone());
    let end = run(&loaded.system, times, &RunOptions::default(), &mut make, &mut stopwatch);
    let result = match end {
        Ok(RunEnd::Planned(result)) if result.status == Status::Optimal => Ok(result),
        Ok(RunEnd::Infeasible(_)) => Err("infeasible".to_owned()),
        Ok(RunEnd::Planned(_) | RunEnd::Stopped(_)) => Err("stopped".to_owned()),
        Err(error) => Err(error.to_string()),
    };
    Timed { result, stages: stopwatch.ended, seconds: begun.elapsed().as_secs_f64(), memory: most_memory() }
}

#[derive(Debug, Default)]
struct Stopwatch {
    open: Vec<(Stage, Instant)>,
    ended: Vec<(Stage, f64)>,
}

impl Observer for Stopwatch {
    fn starts(&mut self, stage: Stage) {
        self.open.push((stage, Instant::now()));
    }
    fn ends(&mut self, stage: Stage) {
        if let Some(at) = self.open.iter().rposition(|(open, _)| *open == stage) {
            let (stage, since) = self.open.remove(at);
            self.ended.push((stage, since.elapsed().as_secs_f64()));
        }
    }
}

/// Starts the system's count of the most memory anew. Where it cannot, memory is that of the process so far.
fn forget_most_memory() {
    // A failure means that memory is not told apart by case: the tables say only "most memory so far".
    let _ = fs::write("/proc/self/clear_refs", "5");
}

fn most_memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}

/// A page that a bench wrote: what it measured, and on what.
pub fn write_page(name: &str, bench: &str, body: &str) {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let head = format!("<!-- Made by `cargo bench --bench {bench}`: do not edit. -->\n");
    let machine = format!("{cores} cores ({}), release build, one run each.\n", processor());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches").join(name);
    fs::write(&path, body.replacen("\n\n", &format!("\n\n{head}\n{machine}\n"), 1))
        .expect("the page can be written");
    println!("written to benches/{name}");
}

fn processor() -> String {
    let told = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = told.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    model.map_or_else(|| "processor unknown".to_owned(), |(_, name)| name.trim().to_owned())
}
