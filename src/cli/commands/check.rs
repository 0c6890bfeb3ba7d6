//! `bedalloc check`: every fault of the input at once, without solving.

use super::AreasArguments;
use crate::cli::exit_code::Exit;
use crate::domain::system::CareSystem;
use crate::domain::units::{OccupiedBeds, Persons};
use crate::input::{self, InputErrors, Loaded, Note, codes};
use crate::network::TravelTimes;
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Arguments of `bedalloc check`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  bedalloc check models/tutorial.yaml")]
pub struct CheckArguments {
    /// The model file.
    pub model: PathBuf,
    #[command(flatten)]
    areas: AreasArguments,
    /// Print JSON for machines.
    #[arg(long)]
    pub json: bool,
}

/// Runs the command: faults go to stderr (as JSON to stdout), counts and notes to stdout.
pub fn run(arguments: &CheckArguments, quiet: bool) -> Exit {
    match input::load_with(&arguments.model, &arguments.areas.overrides()) {
        Ok(mut loaded) => {
            loaded.notes.extend(note_travel(&loaded.system));
            if arguments.json {
                println!("{:#}", loaded_as_json(&loaded));
            } else if !quiet {
                print!("{}", describe(&loaded));
            }
            Exit::Done
        }
        Err(errors) => {
            if arguments.json {
                println!("{:#}", faults_as_json(&errors));
            } else {
                eprintln!("{errors}");
            }
            Exit::BadInput
        }
    }
}

/// How many pairs of an area and a site within the longest limit have a measured time, and how many not.
fn note_travel(system: &CareSystem) -> Option<Note> {
    let counts = TravelTimes::within_reach(system).ok()?.counts();
    let text = format!(
        "{} pairs of an area and a site are within reach: the time of {} is measured, of {} found through the graph, \
         of {} estimated from the distance",
        counts.total(),
        counts.known,
        counts.inferred,
        counts.fallback
    );
    (counts.known < counts.total()).then_some(Note { code: codes::NOTE_TIMES, text })
}

/// Faults for machines.
pub fn faults_as_json(errors: &InputErrors) -> Value {
    json!({ "ok": false, "count": errors.count(), "faults": errors.0 })
}

fn loaded_as_json(loaded: &Loaded) -> Value {
    let counts: serde_json::Map<String, Value> =
        counts(&loaded.system).into_iter().map(|(what, count)| (what.to_owned(), json!(count))).collect();
    let figures: serde_json::Map<String, Value> =
        figures(&loaded.system).into_iter().map(|(what, number)| (what.to_owned(), json!(number))).collect();
    json!({
        "ok": true,
        "name": loaded.system.name,
        "counts": counts,
        "figures": figures,
        "notes": loaded.notes,
        "inputs": loaded.inputs,
    })
}

fn counts(system: &CareSystem) -> Vec<(&'static str, usize)> {
    vec![
        ("areas", system.areas.len()),
        ("sites", system.sites.len()),
        ("specialties", system.specialties.len()),
        ("trusts", system.trusts.len()),
        ("commissioners", system.commissioners.len()),
        ("regions", system.regions.len()),
        ("councils", system.councils.len()),
        ("services", system.services.len()),
        ("flows", system.flows.len()),
        ("travel_times", system.travel.known.len()),
        ("travel_edges", system.travel.edges.len()),
        ("agreements", system.policy.agreements.len()),
        ("pins", system.policy.pins.len()),
    ]
}

fn figures(system: &CareSystem) -> Vec<(&'static str, f64)> {
    let people: Persons = system.areas.iter().map(|(_, _, area)| area.population).sum();
    let occupied: OccupiedBeds = system.beds.values().map(|stock| stock.occupied).sum();
    let delayed: OccupiedBeds = system.delays.values().iter().copied().sum();
    vec![
        ("people", people.0),
        ("beds_available", system.beds_before().0),
        ("beds_occupied", occupied.0),
        ("need_beds", system.total_need().0),
        ("delayed_beds", delayed.0),
        ("new_beds", system.policy.pool.total.0),
    ]
}

fn describe(loaded: &Loaded) -> String {
    use std::fmt::Write;
    let mut text = format!("{}: no faults\n\n", loaded.system.name);
    for (what, count) in counts(&loaded.system) {
        let _ = writeln!(text, "  {:<16}{count:>12}", what.replace('_', " "));
    }
    for (what, number) in figures(&loaded.system) {
        let _ = writeln!(text, "  {:<16}{number:>14.1}", what.replace('_', " "));
    }
    if !loaded.notes.is_empty() {
        text.push_str("\nNotes\n");
    }
    for note in &loaded.notes {
        let _ = writeln!(text, "  {}  {}", note.code, note.text);
    }
    text
}
