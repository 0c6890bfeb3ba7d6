//! Networks with side rows against the simplex method, and what their prices prove.

use super::super::simplex::{Arc, Flow, Network, SideRow, Worth};
use crate::lp::{Bounds, ColumnIx, LinearProgram, Outcome, Sense};
use crate::solver::{HighsSolver, Solver, SolverOptions};
use proptest::prelude::*;

const SITES: usize = 4;
const PLACES: usize = 6;

/// Sites give what they have and what a pool gives them, places take what they need; side rows over what the pool
/// gives and over journeys.
#[derive(Debug, Clone)]
struct Case {
    supplies: Vec<f64>,
    demands: Vec<f64>,
    minutes: Vec<u8>,
    pool: f64,
    /// Least, most and coefficients of each side row.
    rows: Vec<(f64, f64, Vec<i8>)>,
}

fn case() -> impl Strategy<Value = Case> {
    let arcs = SITES + SITES * PLACES;
    let entries = prop::collection::vec(prop_oneof![3 => Just(0i8), 1 => -2..3i8], arcs);
    let least = prop_oneof![2 => Just(f64::NEG_INFINITY), 1 => 0.0..9.0f64, 1 => Just(0.0)];
    // Of rows without a range the least is the most.
    let row = (least, 0.0..12.0f64, entries).prop_map(|(least, range, entries)| {
        (least, if least.is_finite() { least + range } else { range }, entries)
    });
    (
        prop::collection::vec(0.0..9.0f64, SITES),
        prop::collection::vec(0.1..5.0f64, PLACES),
        prop::collection::vec(0u8..20, SITES * PLACES),
        0.0..20.0f64,
        prop::collection::vec(row, 0..6),
    )
        .prop_map(|(supplies, demands, minutes, pool, rows)| Case {
            supplies,
            demands,
            minutes,
            pool,
            rows,
        })
}

impl Case {
    fn network(&self) -> Network {
        let mut network = Network::default();
        let pool = network.add_node(self.pool);
        let sites: Vec<u32> = self.supplies.iter().map(|&supply| network.add_node(supply)).collect();
        let places: Vec<u32> = self.demands.iter().map(|&demand| network.add_node(-demand)).collect();
        for &to in &sites {
            network.add_arc(Arc { from: pool, to, cost: 1.0, capacity: 6.0 });
        }
        let ways = sites.iter().flat_map(|&from| places.iter().map(move |&to| (from, to)));
        for ((from, to), &minutes) in ways.zip(&self.minutes) {
            network.add_arc(Arc { from, to, cost: f64::from(minutes), capacity: f64::INFINITY });
        }
        for from in sites.into_iter().chain([pool]) {
            network.add_arc(Arc { from, to: Network::ROOT, cost: 0.0, capacity: f64::INFINITY });
        }
        for (least, most, values) in &self.rows {
            let entries = (0u32..).zip(values).filter(|(_, value)| **value != 0);
            let entries = entries.map(|(arc, value)| (arc, f64::from(*value))).collect();
            network.sides.push(SideRow { least: *least, most: *most, entries, joins: false });
        }
        network
    }

    /// The same as a program; missing flow of nodes and rows costs so much, and journeys only where they count.
    fn least(&self, missing: f64, journeys: f64) -> Option<f64> {
        let network = self.network();
        let mut program = LinearProgram::new(Sense::Minimise);
        let mut at_node = vec![Vec::new(); network.supply.len()];
        for arc in &*network.arcs {
            let column = program.add_column(journeys * arc.cost, Bounds::between(0.0, arc.capacity));
            for (node, sign) in [(arc.from, 1.0), (arc.to, -1.0)] {
                if node != Network::ROOT {
                    at_node[node as usize].push((column, sign));
                }
            }
        }
        let short = |terms: &mut Vec<(ColumnIx, f64)>, program: &mut LinearProgram| {
            terms.extend([1.0, -1.0].map(|sign| (program.add_column(missing, Bounds::NON_NEGATIVE), sign)));
        };
        for (mut terms, supply) in at_node.into_iter().zip(&network.supply) {
            short(&mut terms, &mut program);
            program.add_row(Bounds::exactly(*supply), terms);
        }
        for row in &network.sides {
            let mut terms: Vec<_> = row.entries.iter().map(|&(arc, value)| (ColumnIx(arc), value)).collect();
            short(&mut terms, &mut program);
            program.add_row(Bounds::between(row.least, row.most), terms);
        }
        match HighsSolver::new(SolverOptions::default()).solve(&program).expect("an answer") {
            Outcome::Optimal(found) => Some(found.objective),
            _ => None,
        }
    }
}

/// What potentials and prices of side rows prove: no flow costs less, where arcs cost so much of what they do.
fn proven(network: &Network, costs: f64, worth: &Worth, dearest: f64) -> f64 {
    let at = |node: u32| if node == Network::ROOT { 0.0 } else { worth.potentials[node as usize] };
    let mut value: f64 =
        network.supply.iter().zip(&worth.potentials).map(|(supply, worth)| -supply * worth).sum();
    let mut price: Vec<f64> =
        network.arcs.iter().map(|arc| costs * arc.cost + at(arc.from) - at(arc.to)).collect();
    for (row, &worth) in network.sides.iter().zip(&worth.sides).filter(|(_, worth)| **worth != 0.0) {
        value += worth * if worth > 0.0 { row.least } else { row.most };
        row.entries.iter().for_each(|&(arc, entry)| price[arc as usize] -= worth * entry);
    }
    let rounding = 1e-8 + 1e-12 * dearest;
    let below = |(arc, price): (&Arc, f64)| if price < -rounding { price * arc.capacity } else { 0.0 };
    value + network.arcs.iter().zip(price).map(below).sum::<f64>()
}

fn cost(network: &Network, flow: &Flow) -> f64 {
    network.arcs.iter().zip(&flow.flows).map(|(arc, flow)| arc.cost * flow).sum()
}

#[test]
fn a_row_over_two_arcs_moves_what_is_best_to_the_third() {
    // A place needs 6; three sites are 1, 2 and 5 away. The first two give no more than 4 together: 4·1 + 2·5 = 14,
    // and a unit more of them would save 4.
    let mut network = Network::default();
    let place = network.add_node(-6.0);
    for cost in [1.0, 2.0, 5.0] {
        network.add_arc(Arc { from: Network::ROOT, to: place, cost, capacity: f64::INFINITY });
    }
    let entries = vec![(0, 1.0), (1, 1.0)];
    network.sides.push(SideRow { least: f64::NEG_INFINITY, most: 4.0, entries, joins: false });
    let flow = network.search(None, &|| false).expect("nobody stops it");
    assert_eq!(flow.flows, [4.0, 0.0, 2.0]);
    assert_eq!((flow.worth.sides[0], flow.worth.potentials[0]), (-4.0, 5.0));
    assert_eq!(flow.missing.amount, 0.0);

    // Without the third site 2 are missing, and a unit more allowed would end one of them.
    std::sync::Arc::make_mut(&mut network.arcs).pop();
    let flow = network.search(None, &|| false).expect("nobody stops it");
    assert!((flow.missing.amount - 2.0).abs() < 1e-12);
    assert_eq!(flow.missing.worth.sides, [-1.0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn where_nothing_costs_anything_nothing_is_worth_anything(case in case()) {
        let mut network = case.network();
        for arc in std::sync::Arc::make_mut(&mut network.arcs) {
            arc.cost = 0.0;
        }
        let flow = network.search(None, &|| false).expect("an end");
        if flow.missing.amount == 0.0 {
            prop_assert!(flow.worth.potentials.iter().all(|worth| *worth == 0.0), "{:?}", flow.worth);
            prop_assert!(flow.worth.sides.iter().all(|worth| *worth == 0.0), "{:?}", flow.worth);
        }
    }

    #[test]
    fn the_flow_costs_what_simplex_says_and_as_little_is_missing(case in case(), other in case()) {
        let network = case.network();
        let flow = network.search(None, &|| false).expect("an end");
        let elsewhere = Case { rows: case.rows.clone(), ..other }.network();
        let elsewhere = elsewhere.search(None, &|| false).expect("an end");
        let mut warm = network.clone();
        elsewhere.joined.iter().for_each(|row| warm.sides[*row as usize].joins = true);
        warm.beside.clone_from(&elsewhere.beside);
        let again = warm.search(Some(elsewhere.standing), &|| false).expect("an end");
        let missing = case.least(1.0, 0.0).expect("missing flow is always a way");
        for flow in [&flow, &again] {
            // How much depends on where it is missed, whether any is does not.
            let amount = flow.missing.amount;
            prop_assert_eq!(amount > 1e-8, missing > 1e-8, "{} {}", amount, missing);
            let of_missing = proven(&network, 0.0, &flow.missing.worth, 1.0);
            prop_assert!((of_missing - amount).abs() < 1e-7, "{of_missing} of {amount}");
            let all = cost(&network, flow) + flow.missing.cost * amount;
            let of_all = proven(&network, 1.0, &flow.worth, flow.missing.cost);
            prop_assert!((of_all - all).abs() < 1e-9 * all.abs().max(1e3), "{of_all} of {all}");
        }
        if missing > 1e-9 {
            return Ok(());
        }
        let least = case.least(1e5, 1.0).expect("there is a plan");
        for flow in [&flow, &again] {
            let mut left = network.supply.clone();
            for (arc, carries) in network.arcs.iter().zip(&flow.flows) {
                prop_assert!(-1e-9 <= *carries && *carries <= arc.capacity + 1e-9);
                for (node, sign) in [(arc.from, -1.0), (arc.to, 1.0)] {
                    if node != Network::ROOT {
                        left[node as usize] += sign * carries;
                    }
                }
            }
            prop_assert!(left.iter().all(|left| left.abs() < 1e-9), "{left:?}");
            for row in &network.sides {
                let activity = row.activity(&flow.flows);
                prop_assert!(row.least - 1e-7 <= activity && activity <= row.most + 1e-7);
            }
            prop_assert!((cost(&network, flow) - least).abs() < 1e-6, "{} {least}", cost(&network, flow));
        }
    }
}
