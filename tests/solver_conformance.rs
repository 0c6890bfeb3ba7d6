//! The same small programs through every backend.

use bedalloc::lp::{Bounds, LinearProgram, Outcome, ProgramDiff, Sense};
use bedalloc::solver::{Algorithm, ConflictFinder, HighsSolver, Solver, SolverOptions, WarmSolver};

#[test]
fn quick() {
    let mut p = LinearProgram::new(Sense::Maximise);
    let x = p.add_column(3.0, Bounds::NON_NEGATIVE);
    let y = p.add_column(2.0, Bounds::NON_NEGATIVE);
    let r = p.add_row(Bounds::between(1.0, 4.0), [(x, 1.0), (y, 1.0)]);
    p.add_row(Bounds::at_most(2.0), [(x, 1.0)]);
    for algorithm in [Algorithm::Choose, Algorithm::Simplex, Algorithm::InteriorPoint] {
        let mut s = HighsSolver::new(SolverOptions { algorithm, ..SolverOptions::default() });
        println!("{:?}", s.solve(&p).unwrap());
        let d = ProgramDiff { row_bounds: vec![(r, Bounds::at_most(6.0))], ..Default::default() };
        println!("{:?}", s.resolve(&d).unwrap());
    }
    let mut q = p.clone();
    q.add_row(Bounds::at_least(5.0), [(x, 1.0), (y, 1.0)]);
    let mut s = HighsSolver::new(SolverOptions::default());
    assert_eq!(s.solve(&q).unwrap(), Outcome::Infeasible);
    println!("{:?}", s.find_conflict(&q).unwrap());
    q.add_row(Bounds::exactly(9.0), [(y, 1.0)]);
    println!("{:?}", s.find_conflict(&q).unwrap());
    p.set_column_bounds(x, Bounds::between(3.0, 2.0));
    println!("{:?}", s.solve(&p));
    println!("{:?}", s.find_conflict(&p).unwrap());
    println!("{:?}", s.solve(&LinearProgram::new(Sense::Maximise)));
}
