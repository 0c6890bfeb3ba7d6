//! Taking a program apart by its choices gives what solving it whole gives.

mod common;
mod sketch;

use bedalloc::lp::{Bounds, ColumnIx, Limit, LinearProgram, Outcome, ProgramDiff, RowIx, Sense, dual_bound};
use bedalloc::pipeline::{RunOptions, RunResult, Silent, run};
use bedalloc::solver::{
    DecomposedSolver, HighsSolver, RewritingSolver, Solver, SolverOptions, Summed, choose,
};
use common::{Watched, assert_sound, backend, close, optimum, transport};
use proptest::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Sizes and figures of a program like the model's: places that choose among sites or leave need unmet,
/// a share in each of two districts that takes some need away at a price, sites that can be made larger
/// from one pool, and a ceiling on what each district leaves unmet.
#[derive(Debug, Clone)]
struct Choices {
    needs: Vec<f64>,
    stocks: Vec<f64>,
    /// Whole numbers, so that ties are common.
    minutes: Vec<u8>,
    pool: f64,
    ceiling: f64,
    /// How many sites each place can reach.
    reach: usize,
    shorter: Option<ShorterStays>,
    moves: Option<Moves>,
}

/// Beds that move among the sites with even numbers, and among those with odd ones, as two specialties would. Two sites
/// one after the other are one hospital, whose size counts the beds of both.
#[derive(Debug, Clone)]
struct Moves {
    /// The most that leaves, of a site's beds.
    share: f64,
    /// The largest size, of today's beds.
    growth: f64,
    cost: f64,
}

fn moves() -> impl Strategy<Value = Option<Moves>> {
    let costs = prop_oneof![Just(0.0), 0.1..9.0f64];
    let moves = (0.0..0.5f64, 1.0..1.5f64, costs);
    prop::option::of(moves.prop_map(|(share, growth, cost)| Moves { share, growth, cost }))
}

/// Room that shorter stays free at every site.
#[derive(Debug, Clone)]
struct ShorterStays {
    /// Of a site's room.
    share: f64,
    cost: f64,
    /// Whether all of it is freed.
    all: bool,
}

fn shorter_stays() -> impl Strategy<Value = Option<ShorterStays>> {
    let costs = prop_oneof![Just(0.0), 0.1..60.0f64];
    prop::option::of((0.02..0.3f64, costs, any::<bool>()).prop_map(|(share, cost, all)| ShorterStays {
        share,
        cost,
        all,
    }))
}

fn choices() -> impl Strategy<Value = Choices> {
    (2usize..6, 3usize..30).prop_flat_map(|(sites, places)| {
        (
            prop::collection::vec(0.5..20.0f64, places),
            prop::collection::vec(0.0..60.0f64, sites),
            prop::collection::vec(0u8..6, sites * places),
            0.0..40.0f64,
            0.2..1.0f64,
            1..=sites,
            (shorter_stays(), moves()),
        )
            .prop_map(|(needs, stocks, minutes, pool, ceiling, reach, (shorter, moves))| Choices {
                needs,
                stocks,
                minutes,
                pool,
                ceiling,
                reach,
                shorter,
                moves,
            })
    })
}

impl Choices {
    fn program(&self) -> LinearProgram {
        let mut program = LinearProgram::new(Sense::Minimise);
        let (sites, places) = (self.stocks.len(), self.needs.len());
        let shares: Vec<_> = (0..2).map(|_| program.add_column(3.0, Bounds::between(0.0, 1.0))).collect();
        let larger: Vec<_> = (0..sites).map(|_| program.add_column(0.5, Bounds::NON_NEGATIVE)).collect();
        let mut flows = vec![Vec::new(); places];
        let mut unmet = Vec::new();
        for (place, flows) in flows.iter_mut().enumerate() {
            for near in 0..self.reach {
                let site = (place + near) % sites;
                let minutes = f64::from(self.minutes[place * sites + site]);
                flows.push((site, program.add_column(minutes, Bounds::NON_NEGATIVE)));
            }
            unmet.push(program.add_column(50.0, Bounds::NON_NEGATIVE));
        }
        for (place, &need) in self.needs.iter().enumerate() {
            let own = flows[place].iter().map(|&(_, column)| (column, 1.0));
            let released = (shares[place % 2], 0.3 * need);
            let row = program.add_row(
                Bounds::exactly(need),
                own.chain([(unmet[place], 1.0), released]).collect::<Vec<_>>(),
            );
            program.mark_choice(row);
        }
        let freed: Vec<_> = match &self.shorter {
            Some(stays) => {
                larger.iter().map(|_| program.add_column(stays.cost, Bounds::NON_NEGATIVE)).collect()
            }
            None => Vec::new(),
        };
        let moved = self.moves.as_ref().map(|moves| self.add_moves(&mut program, moves));
        for (site, &stock) in self.stocks.iter().enumerate() {
            let used = flows.iter().flatten().filter(|(at, _)| *at == site).map(|&(_, column)| (column, 1.0));
            let more = freed.get(site).map(|&column| (column, -1.0));
            let beds = moved.as_ref().map(|moved| (moved[site].beds, -0.82));
            let own = if beds.is_some() { 0.0 } else { stock };
            let room = [beds.unwrap_or((larger[site], -0.82))].into_iter().chain(more);
            program.add_row(Bounds::at_most(own), used.chain(room).collect::<Vec<_>>());
        }
        program.add_row(Bounds::exactly(self.pool), larger.iter().map(|&column| (column, 1.0)));
        for district in 0..2 {
            let places = (district..places).step_by(2);
            let need: f64 = places.clone().map(|place| self.needs[place]).sum();
            let missing = places.map(|place| (unmet[place], 1.0)).collect::<Vec<_>>();
            program.add_row(Bounds::at_most(self.ceiling * need), missing);
        }
        for (site, &column) in freed.iter().enumerate() {
            let ShorterStays { share, all, .. } = *self.shorter.as_ref().expect("something is freed");
            let most = share * self.stocks[site];
            let limit = if all { Bounds::exactly(most) } else { Bounds::at_most(most) };
            program.add_row(limit, [(column, 1.0), (larger[site], -0.82 * share)]);
        }
        if let (Some(moves), Some(moved)) = (&self.moves, moved) {
            self.limit_moves(&mut program, moves, &moved, &larger);
        }
        program
    }

    fn add_moves(&self, program: &mut LinearProgram, moves: &Moves) -> Vec<Moved> {
        let most = |stock: &f64| Bounds::between(0.0, moves.share * stock);
        let add = |stock: &f64| Moved {
            beds: program.add_column(0.0, Bounds::NON_NEGATIVE),
            into: program.add_column(moves.cost, Bounds::NON_NEGATIVE),
            out: program.add_column(0.0, most(stock)),
        };
        self.stocks.iter().map(add).collect()
    }

    fn limit_moves(&self, program: &mut LinearProgram, moves: &Moves, moved: &[Moved], larger: &[ColumnIx]) {
        for ((moved, &stock), &larger) in moved.iter().zip(&self.stocks).zip(larger) {
            let terms = [(moved.beds, 1.0), (larger, -1.0), (moved.into, -1.0), (moved.out, 1.0)];
            // Stocks are in occupied beds here, as they are without moves.
            program.add_row(Bounds::exactly(stock / 0.82), terms);
        }
        for specialty in 0..2 {
            let sites = moved.iter().skip(specialty).step_by(2);
            let terms = sites.flat_map(|moved| [(moved.into, 1.0), (moved.out, -1.0)]);
            program.add_row(Bounds::exactly(0.0), terms.collect::<Vec<_>>());
        }
        for (hospital, stocks) in moved.chunks(2).zip(self.stocks.chunks(2)) {
            let most = moves.growth * stocks.iter().sum::<f64>() / 0.82 + self.pool / 2.0;
            program.add_row(Bounds::at_most(most), hospital.iter().map(|moved| (moved.beds, 1.0)));
        }
    }
}

/// The beds of a site, and those that come and go.
struct Moved {
    beds: ColumnIx,
    into: ColumnIx,
    out: ColumnIx,
}

fn same_answer(whole: &Outcome, apart: &Outcome, program: &LinearProgram) {
    match (whole, apart) {
        (Outcome::Optimal(whole), Outcome::Optimal(apart)) => {
            assert!(close(whole.objective, apart.objective), "{} {}", whole.objective, apart.objective);
            assert_sound("taken apart", program, apart);
            let prices = &apart.duals.as_ref().expect("a linear program has prices").rows;
            let bound = dual_bound(program, prices);
            assert!(close(bound, whole.objective), "the prices prove {bound} of {}", whole.objective);
        }
        (Outcome::Infeasible, Outcome::Infeasible) => {}
        other => panic!("different ends: {other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_program_taken_apart_has_the_same_optimum_and_proof_as_the_whole(choices in choices()) {
        let program = choices.program();
        let whole = backend("highs").solve(&program).expect("the whole");
        let apart = backend("highs-decomposed").solve(&program).expect("taken apart");
        same_answer(&whole, &apart, &program);
    }

    #[test]
    fn going_on_after_changes_gives_the_same_answer_as_starting_from_nothing(
        choices in choices(),
        cost in 0.0..9.0f64,
        closed in 0usize..5,
    ) {
        let program = choices.program();
        let mut changed = program.clone();
        for column in (0u32..).take(program.columns()).skip(2).step_by(3) {
            changed.set_cost(ColumnIx(column), cost);
        }
        let closed = 2 + closed % choices.stocks.len();
        changed.set_column_bounds(ColumnIx(closed as u32), Bounds::exactly(0.0));
        let pool = RowIx((choices.needs.len() + choices.stocks.len()) as u32);
        changed.set_row_bounds(pool, Bounds::at_most(choices.pool));

        let mut apart = backend("highs-decomposed");
        apart.solve(&program).expect("taken apart");
        let change = ProgramDiff::between(&program, &changed).expect("the same shape");
        let gone_on = apart.warm().expect("it goes on").resolve(&change).expect("taken apart again");
        let whole = backend("highs").solve(&changed).expect("the whole");
        same_answer(&whole, &gone_on, &changed);
    }

    #[test]
    fn what_is_held_is_taken_out_and_put_back_without_a_change_of_the_answer(
        choices in choices(),
        held in prop::collection::vec(any::<bool>(), 200),
    ) {
        // Ways between places and sites are held closed, but not what stays unmet: there is always an answer or none.
        let program = choices.program();
        let mut narrow = program.clone();
        let first = 2 + choices.stocks.len();
        for (at, _) in held.iter().enumerate().filter(|(_, held)| **held) {
            let column = first + at;
            if column < program.columns() && (at + 1) % (choices.reach + 1) != 0 {
                narrow.set_column_bounds(ColumnIx(column as u32), Bounds::exactly(0.0));
            }
        }
        // One site's growth is held at some beds.
        let beds = choices.pool / 2.0;
        narrow.set_column_bounds(ColumnIx(2), Bounds::exactly(beds));

        let mut apart = backend("highs-decomposed");
        let mut posed = &program;
        apart.solve(posed).expect("taken apart");
        for next in [&narrow, &program, &narrow] {
            let change = ProgramDiff::between(posed, next).expect("the same shape");
            let gone_on = match apart.warm() {
                Some(warm) => warm.resolve(&change).expect("taken apart again"),
                None => apart.solve(next).expect("taken apart"),
            };
            same_answer(&backend("highs").solve(next).expect("the whole"), &gone_on, next);
            same_answer(&gone_on, &backend("highs-decomposed").solve(next).expect("from nothing"), next);
            posed = next;
        }
    }
}

/// A solver that gets no program as large as this.
fn small(fewer_rows_than: usize) -> Box<dyn Solver> {
    let watch = move |program: &LinearProgram| {
        assert!(program.rows() < fewer_rows_than, "it got {} rows", program.rows());
        None
    };
    Box::new(Watched { inner: Box::new(HighsSolver::new(SolverOptions::default())), watch })
}

#[test]
fn beds_that_move_within_the_size_of_their_hospitals_leave_little_but_a_network() {
    // Forty places, each far from the one site of two in a hospital that the other half needs: beds move, and the sizes of
    // hospitals, over both specialties, say how many.
    let (sites, places) = (6, 40_u8);
    let choices = Choices {
        needs: (0..places).map(|place| 3.0 + f64::from(place % 5)).collect(),
        stocks: vec![40.0, 10.0, 10.0, 40.0, 25.0, 25.0],
        minutes: (0..sites * usize::from(places)).map(|at| (at * 7 % 6) as u8).collect(),
        pool: 20.0,
        ceiling: 1.0,
        reach: 3,
        shorter: None,
        moves: Some(Moves { share: 0.4, growth: 1.0, cost: 0.1 }),
    };
    let program = choices.program();
    let whole = backend("highs").solve(&program).expect("the whole");
    let inner = small(program.rows() / 2);
    let apart = DecomposedSolver::new(inner, 0).solve(&program).expect("taken apart");
    same_answer(&whole, &apart, &program);
    let Outcome::Optimal(whole) = &whole else { panic!("there is a plan: {whole:?}") };
    let sizes = program.rows() - 3..program.rows();
    let prices = &whole.duals.as_ref().expect("a linear program has prices").rows[sizes];
    assert!(prices.iter().any(|price| price.abs() > 1e-6), "sizes matter: {prices:?}");
}

/// Sizes and figures of a program in which need answers to beds: beds stand in the demand of every place that their site
/// serves, and with them nothing but a few rows joins the specialties. Aims follow one another, each held within a
/// tolerance.
#[derive(Debug, Clone)]
struct Adapting {
    specialties: usize,
    /// Need of each place, in order of specialty.
    needs: Vec<f64>,
    /// Beds of each site, in order of specialty.
    stocks: Vec<f64>,
    minutes: Vec<u8>,
    pool: f64,
    /// Need that a bed brings forth, of what it serves.
    elasticity: f64,
    reach: usize,
}

fn adapting() -> impl Strategy<Value = Adapting> {
    (2usize..4, 2usize..4, 4usize..10).prop_flat_map(|(specialties, sites, places)| {
        (
            prop::collection::vec(1.0..9.0f64, specialties * places),
            prop::collection::vec(1.0..20.0f64, specialties * sites),
            prop::collection::vec(0u8..6, sites * places),
            1.0..12.0f64,
            0.1..0.5f64,
            1..=sites,
        )
            .prop_map(move |(needs, stocks, minutes, pool, elasticity, reach)| Adapting {
                specialties,
                needs,
                stocks,
                minutes,
                pool,
                elasticity,
                reach,
            })
    })
}

/// A program of [`Adapting`], without costs, and what its aims are over.
struct Aims {
    program: LinearProgram,
    unmet: Vec<(ColumnIx, f64)>,
    shares: Vec<ColumnIx>,
    worst: ColumnIx,
    travel: Vec<(ColumnIx, f64)>,
    cost: Vec<(ColumnIx, f64)>,
    /// The rows that hold the first and the third.
    holds: [RowIx; 2],
}

impl Adapting {
    const OCCUPIED: f64 = 0.82;

    fn places(&self) -> usize {
        self.needs.len() / self.specialties
    }

    fn sites(&self) -> usize {
        self.stocks.len() / self.specialties
    }

    fn aims(&self) -> Aims {
        let mut program = LinearProgram::new(Sense::Minimise);
        let (sites, places) = (self.sites(), self.places());
        let near = |place: usize| (0..self.reach).map(move |near| (place + near) % sites);
        let mut add = |most: f64| program.add_column(0.0, Bounds::between(0.0, most));
        let mut treated = Vec::new();
        let mut unmet = Vec::new();
        for _ in 0..self.specialties {
            for place in 0..places {
                treated.push(near(place).map(|site| (site, add(f64::INFINITY))).collect::<Vec<_>>());
                unmet.push(add(f64::INFINITY));
            }
        }
        let new: Vec<_> = self.stocks.iter().map(|_| add(self.pool)).collect();
        let beds: Vec<_> = self.stocks.iter().map(|stock| add(stock + self.pool)).collect();
        let shares: Vec<_> = (0..2).map(|_| add(10.0)).collect();
        let worst = add(10.0);
        let released: Vec<_> = (0..2).map(|_| add(1.0)).collect();
        let spent: Vec<_> = (0..2).map(|_| add(1.0)).collect();
        let served = |site: usize| (0..places).filter(|place| near(*place).any(|at| at == site)).count();
        for (at, &need) in self.needs.iter().enumerate() {
            let (specialty, place) = (at / places, at % places);
            let mut terms: Vec<_> = treated[at].iter().map(|(_, column)| (*column, 1.0)).collect();
            terms.extend([(unmet[at], 1.0), (released[place % 2], 0.1 * need)]);
            let mut right = need;
            for site in near(place) {
                let bed = specialty * sites + site;
                let per_bed = self.elasticity * Self::OCCUPIED / served(site) as f64;
                terms.push((beds[bed], -per_bed));
                right -= per_bed * self.stocks[bed];
            }
            let row = program.add_row(Bounds::exactly(right), terms);
            program.mark_choice(row);
        }
        for (bed, &column) in beds.iter().enumerate() {
            let (specialty, site) = (bed / sites, bed % sites);
            let of = |at: &usize| at / places == specialty;
            let patients = (0..self.needs.len()).filter(of).flat_map(|at| treated[at].iter());
            let patients = patients.filter(|(at, _)| *at == site).map(|(_, column)| (*column, 1.0));
            program.add_row(Bounds::at_most(0.0), patients.chain([(column, -Self::OCCUPIED)]));
        }
        for (bed, &stock) in self.stocks.iter().enumerate() {
            program.add_row(Bounds::exactly(stock), [(beds[bed], 1.0), (new[bed], -1.0)]);
        }
        program.add_row(Bounds::exactly(self.pool), new.iter().map(|column| (*column, 1.0)));
        for region in 0..2 {
            let of = |at: &usize| (at % places) % 2 == region;
            let members = || (0..self.needs.len()).filter(of);
            let need: f64 = members().map(|at| self.needs[at]).sum();
            let terms = members().map(|at| (unmet[at], 1.0)).chain([(shares[region], -need)]);
            program.add_row(Bounds::exactly(0.0), terms);
            program.add_row(Bounds::at_most(0.0), [(shares[region], 1.0), (worst, -1.0)]);
            program.add_row(Bounds::at_most(0.0), [(released[region], 1.0), (spent[region], -1.0)]);
        }
        let unmet: Vec<_> = unmet.into_iter().map(|column| (column, 1.0)).collect();
        let mut travel = Vec::new();
        for (at, treated) in treated.iter().enumerate() {
            let minutes = |site: usize| f64::from(self.minutes[(at % places) * sites + site]);
            travel.extend(treated.iter().map(|&(site, column)| (column, minutes(site))));
            let nearest = near(at % places).map(minutes).fold(f64::INFINITY, f64::min);
            travel.push((unmet[at].0, nearest));
        }
        travel.retain(|(_, minutes)| *minutes > 0.0);
        let holds = [&unmet, &travel].map(|aim| program.add_row(Bounds::FREE, aim.iter().copied()));
        let cost = spent.iter().zip([3.0, 2.0]).map(|(column, cost)| (*column, cost)).collect();
        Aims { program, unmet, shares, worst, travel, cost, holds }
    }
}

impl Aims {
    /// Sets the costs to those of an aim.
    fn aim(&mut self, at: usize) {
        let mut costs = vec![0.0; self.program.columns()];
        let worst = [(self.worst, 1.0)];
        let terms: &[(ColumnIx, f64)] = match at {
            0 => &self.unmet,
            1 => &worst,
            2 => &self.travel,
            _ => &self.cost,
        };
        for (column, cost) in terms {
            costs[column.get()] = *cost;
        }
        self.program.set_costs(costs);
    }

    /// Holds an aim near what was reached.
    fn hold(&mut self, at: usize, reached: f64) {
        match at {
            0 => self.program.set_row_bounds(self.holds[0], Bounds::at_most(reached + 0.05)),
            1 => {
                let most = Bounds::between(0.0, reached + 0.001);
                self.shares.iter().for_each(|share| self.program.set_column_bounds(*share, most));
            }
            _ => self.program.set_row_bounds(self.holds[1], Bounds::at_most(reached + 0.5)),
        }
    }

    /// Reaches one aim after another whole and apart, and compares what comes.
    fn reach_all(mut self, apart: &mut dyn Solver) {
        let mut posed: Option<LinearProgram> = None;
        for at in 0..4 {
            self.aim(at);
            let whole = backend("highs").solve(&self.program).expect("the whole");
            let change =
                posed.map(|posed| ProgramDiff::between(&posed, &self.program).expect("the same shape"));
            let gone_on = match (change, apart.warm()) {
                (Some(change), Some(warm)) => warm.resolve(&change).expect("taken apart again"),
                _ => apart.solve(&self.program).expect("taken apart"),
            };
            same_answer(&whole, &gone_on, &self.program);
            posed = Some(self.program.clone());
            let Outcome::Optimal(whole) = whole else { return };
            self.hold(at, whole.objective);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn where_need_answers_to_beds_each_aim_is_reached_as_by_the_whole(adapting in adapting()) {
        adapting.aims().reach_all(backend("highs-decomposed").as_mut());
    }
}

#[test]
fn specialties_that_share_no_bed_have_planes_of_their_own() {
    // A hundred and twenty places, three specialties, eight sites: by one plane a turn, the turns would end without a proof, and
    // the other solver would get the whole.
    let (specialties, sites, places) = (3, 8, 120);
    let adapting = Adapting {
        specialties,
        needs: (0..specialties * places).map(|at| 1.0 + (at * 7 % 11) as f64 / 3.0).collect(),
        stocks: (0..specialties * sites).map(|at| 30.0 + (at * 5 % 7) as f64 * 9.0).collect(),
        minutes: (0..sites * places).map(|at| (at * 13 % 17) as u8).collect(),
        pool: 40.0,
        elasticity: 0.2,
        reach: 3,
    };
    let aims = adapting.aims();
    let apart = DecomposedSolver::new(small(aims.program.rows()), 0);
    aims.reach_all(&mut RewritingSolver::<Summed>::new(Box::new(apart), 0));
}

#[test]
fn a_large_transport_problem_is_taken_apart() {
    let mut program = transport(20, 400);
    for row in 0..400 {
        program.mark_choice(RowIx(row));
    }
    let whole = optimum("whole", backend("highs").solve(&program).expect("the whole"));
    let apart = backend("highs-decomposed").solve(&program).expect("taken apart");
    same_answer(&Outcome::Optimal(whole), &apart, &program);
}

#[test]
fn a_solver_that_was_stopped_goes_on_from_the_program_it_was_at() {
    let mut program = transport(20, 400);
    for row in 0..400 {
        program.mark_choice(RowIx(row));
    }
    let flag = Arc::new(AtomicBool::new(false));
    let options = SolverOptions { interrupt: Some(Arc::clone(&flag)), ..SolverOptions::default() };
    let mut apart = DecomposedSolver::new(Box::new(HighsSolver::new(options)), 0);
    apart.solve(&program).expect("taken apart");
    let mut changed = program.clone();
    changed.set_cost(ColumnIx(5), 3.0);
    let go_on = |apart: &mut DecomposedSolver, from: &LinearProgram| {
        let change = ProgramDiff::between(from, &changed).expect("the same shape");
        apart.warm().expect("it goes on").resolve(&change).expect("no fault")
    };
    flag.store(true, Ordering::Relaxed);
    assert!(matches!(go_on(&mut apart, &program), Outcome::LimitReached { .. }));
    flag.store(false, Ordering::Relaxed);
    let gone_on = go_on(&mut apart, &changed);
    let whole = backend("highs").solve(&changed).expect("the whole");
    same_answer(&whole, &gone_on, &changed);
}

/// Hours gone by on a clock that strikes for each program solved.
static HOURS: AtomicU64 = AtomicU64::new(0);

#[test]
fn all_rounds_together_have_one_limit_of_time() {
    // Patients of each place draw on their site and on the road to it: no network, so it is solved in rounds.
    let mut program = LinearProgram::new(Sense::Minimise);
    let minutes = [[1.0, 4.0], [2.0, 3.0], [5.0, 2.0]];
    let ways = minutes.map(|of| of.map(|minutes| program.add_column(minutes, Bounds::NON_NEGATIVE)));
    for way in ways {
        let row = program.add_row(Bounds::exactly(4.0), way.map(|column| (column, 1.0)));
        program.mark_choice(row);
    }
    for site in 0..2 {
        for room in [7.0, 6.5] {
            program.add_row(Bounds::at_most(room), ways.map(|way| (way[site], 1.0)));
        }
    }
    let hours = |hours: u64| {
        let options = SolverOptions {
            time_limit: Some(Duration::from_secs(3600 * hours)),
            clock: Some(|| Duration::from_secs(3600 * HOURS.load(Ordering::Relaxed))),
            ..SolverOptions::default()
        };
        let before = HOURS.load(Ordering::Relaxed);
        let watch = |_: &LinearProgram| {
            HOURS.fetch_add(1, Ordering::Relaxed);
            None
        };
        let slow = Watched { inner: Box::new(HighsSolver::new(options)), watch };
        let outcome = DecomposedSolver::new(Box::new(slow), 0).solve(&program).expect("no fault");
        (outcome, HOURS.load(Ordering::Relaxed) - before)
    };
    let (outcome, needed) = hours(100);
    same_answer(&backend("highs").solve(&program).expect("the whole"), &outcome, &program);
    assert!(needed > 1, "a start and at least one round");
    let (outcome, solved) = hours(1);
    assert!(matches!(outcome, Outcome::LimitReached { limit: Limit::Time, .. }), "{outcome:?}");
    assert_eq!(solved, 1);
}

#[test]
fn the_number_of_threads_changes_no_figure_of_a_result() {
    for case in [sketch::two_regions(), sketch::england_1999()] {
        let (system, times) = case.build();
        let with = |threads: u32| {
            let options = SolverOptions { threads: Some(threads), ..SolverOptions::default() };
            let mut make = || choose("highs-decomposed", options.clone());
            let end = run(
                &system,
                &times,
                &RunOptions { ranges: true, ..RunOptions::default() },
                &mut make,
                &mut Silent,
            );
            format!("{:?}", end.expect("the solver works"))
        };
        assert_eq!(with(1), with(2));
    }
}

#[test]
fn a_model_solved_apart_reaches_the_same_levels_and_the_same_beds() {
    for case in [sketch::two_regions(), sketch::england_1999()] {
        let planned = |solver: &str| -> RunResult {
            match case.run_with(solver) {
                bedalloc::pipeline::RunEnd::Planned(result) => *result,
                other => panic!("{solver}: {other:?}"),
            }
        };
        let (whole, apart) = (planned("highs"), planned("highs-decomposed"));
        assert_eq!(whole.levels.len(), apart.levels.len());
        for (one, other) in whole.levels.iter().zip(&apart.levels) {
            assert!(close(one.value, other.value), "{}: {} {}", one.name, one.value, other.value);
            assert!(close(other.bound, other.value), "{}: {} {}", one.name, other.bound, other.value);
        }
        for (place, beds) in &whole.plan.new_beds {
            let other = apart.plan.new_beds[place];
            assert!((beds.0 - other.0).abs() < 0.05, "{place:?}: {beds:?} {other:?}");
        }
    }
}
