//! `bedalloc negotiate`: what beds are worth to a region, who pays for them, and a ledger of offers.

mod ledger_file;
mod setting;

use super::Manner;
use crate::cli::clock;
use crate::cli::exit_code::Exit;
use crate::cli::output::{self, colour, json};
use crate::cli::progress::{Progress, Show};
use crate::cli::result_folder::write_file;
use crate::cli::signals::Interrupt;
use crate::cli::solver_choice::SolverArguments;
use crate::domain::RegionIx;
use crate::domain::units::{Beds, Proportion};
use crate::insight::negotiate::concession::concession;
use crate::insight::negotiate::finding::{self, Value};
use crate::insight::negotiate::ledger::{Draft, Kind, Ledger};
use crate::insight::negotiate::words::over_waves;
use crate::pipeline::negotiate::Promises;
use crate::report::text::negotiation as page;
use crate::report::value_curves;
use clap::Args;
use serde::Serialize;
use setting::{Setting, promises_of};
use std::path::PathBuf;
use std::time::SystemTime;

/// Shares of the optimum for which `--ranges` tells every region's beds.
const WITHIN: [Proportion; 3] = [Proportion(0.001), Proportion(0.01), Proportion(0.05)];

/// Arguments of `bedalloc negotiate`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  What each number of beds is worth to a region and to England:
    bedalloc negotiate results/england-2019 --region \"South East\"
  50 more beds for it than the plan gives: what England loses, and who gives the beds up:
    bedalloc negotiate results/england-2019 --region \"South East\" --more 50
  It accepts 500 in all:
    bedalloc negotiate results/england-2019 --region \"South East\" --accepts 500
  The same for every region, put into the result folder so that the report shows it:
    bedalloc negotiate results/england-2019 --curves
    bedalloc report results/england-2019
  Every region's least and most beds within 0.1%, 1% and 5% of the optimum:
    bedalloc negotiate results/england-2019 --ranges
  Talks on paper: an offer, an answer to it, and what is agreed:
    bedalloc negotiate results/england-2019 --region London --offer 60 --ledger talks.jsonl \\
        --author \"A. Smith, London\" --reason \"two wards stand ready\"
    bedalloc negotiate results/england-2019 --region London --counter 40 --ledger talks.jsonl \\
        --author \"B. Jones, Department\" --reason \"60 would leave the South West short\"
    bedalloc negotiate results/england-2019 --region London --settle --ledger talks.jsonl \\
        --author \"B. Jones, Department\" --reason \"agreed on 3 May\"
  What stands in the ledger; check it and find the plan agreed; the model to solve for it in full:
    bedalloc negotiate results/england-2019 --ledger talks.jsonl
    bedalloc negotiate results/england-2019 --ledger talks.jsonl --replay
    bedalloc negotiate results/england-2019 --ledger talks.jsonl --replay -o models/agreed.yaml")]
pub struct NegotiateArguments {
    /// The result folder, as `bedalloc solve` wrote it.
    #[arg(value_name = "RESULT")]
    pub folder: PathBuf,
    /// The region, by code or name.
    #[arg(long, value_name = "NAME")]
    region: Option<String>,
    #[command(flatten)]
    question: Question,
    /// The ledger of the talks; what is settled there holds for every question. An entry is added at its end.
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    /// Who makes the offer.
    #[arg(long, value_name = "WHO")]
    author: Option<String>,
    /// Why.
    #[arg(long, value_name = "WHY")]
    reason: Option<String>,
    /// With --replay: write a model file with what is settled, for `bedalloc solve`.
    #[arg(short, long, value_name = "FILE", requires = "replay")]
    output: Option<PathBuf>,
    #[command(flatten)]
    solver: SolverArguments,
    /// Print JSON for machines.
    #[arg(long)]
    json: bool,
}

/// What is asked: one of these, else the value curve of the region, else what stands in the ledger.
#[derive(Debug, Clone, Default, Args)]
#[group(multiple = false)]
#[allow(clippy::struct_excessive_bools)] // Flags, of which one at most can be given.
struct Question {
    /// So many beds more for the region than the plan gives it (fewer, where the number is below zero).
    #[arg(long, value_name = "N", value_parser = beds, allow_negative_numbers = true)]
    more: Option<f64>,
    /// So many new beds for the region in all.
    #[arg(long, value_name = "N", value_parser = not_negative, allow_negative_numbers = true)]
    accepts: Option<f64>,
    /// Offer the region so many new beds in all.
    #[arg(long, value_name = "N", value_parser = not_negative, allow_negative_numbers = true, requires = "ledger")]
    offer: Option<f64>,
    /// Answer the last offer to the region with another number.
    #[arg(long, value_name = "N", value_parser = not_negative, allow_negative_numbers = true, requires = "ledger")]
    counter: Option<f64>,
    /// Agree on the number that lies on the table.
    #[arg(long, requires = "ledger")]
    settle: bool,
    /// The least and most beds of every region in plans that are nearly as good.
    #[arg(long)]
    ranges: bool,
    /// The value curve of every region, written into the result folder as value_curves.csv, which `bedalloc report`
    /// then shows.
    #[arg(long, conflicts_with = "ledger")]
    curves: bool,
    /// Work out every entry of the ledger anew, and find the plan agreed.
    #[arg(long, requires = "ledger")]
    replay: bool,
}

fn beds(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.replace(',', "").parse().ok();
    number.filter(|n| n.is_finite()).ok_or_else(|| "use a number of beds, for example 50".to_owned())
}

fn not_negative(text: &str) -> Result<f64, String> {
    beds(text).and_then(|n| if n < 0.0 { Err("use no beds or more".to_owned()) } else { Ok(n) })
}

/// Why there is no answer.
pub(super) struct Failure {
    exit: Exit,
    text: String,
}

impl Failure {
    fn bad_input(text: impl Into<String>) -> Self {
        Self { exit: Exit::BadInput, text: text.into() }
    }
}

/// Runs the command: 0 when there is an answer, 2 for a fault of the input or the ledger, 3 when the rules of the
/// model do not let the region have so many beds.
pub fn run(arguments: &NegotiateArguments, manner: Manner) -> Exit {
    let mut progress = Progress::new(Show::for_flags(manner.quiet, manner.verbose));
    let found = answer(arguments, &mut progress);
    progress.clear();
    match found.map(|text| output::print(&text)) {
        Ok(Ok(())) => Exit::Done,
        Ok(Err(cause)) => {
            eprintln!("cannot print: {cause}");
            Exit::Bug
        }
        Err(failure) => {
            eprintln!("{}", failure.text.trim_end());
            failure.exit
        }
    }
}

fn answer(arguments: &NegotiateArguments, progress: &mut Progress) -> Result<String, Failure> {
    check_usage(arguments)?;
    let interrupt = Interrupt::listen();
    let setting = Setting::load(&arguments.folder, &arguments.solver, &interrupt, progress)?;
    let ledger = match &arguments.ledger {
        Some(file) => ledger_file::read(file, &setting.fingerprint)?,
        None => Ledger::default(),
    };
    let question = &arguments.question;
    if question.ranges {
        let found = setting.ranges(promises_of(&setting, &ledger)?, &WITHIN, progress)?;
        return told(arguments, &found, page::ranges);
    }
    if question.replay {
        return replay(arguments, &setting, &ledger, progress);
    }
    if question.curves {
        return curves(arguments, &setting, progress);
    }
    let Some(asked) = &arguments.region else { return told_ledger(arguments, &ledger) };
    let region = setting.region(asked)?;
    let promises = promises_of(&setting, &ledger)?;
    if let Some(kind) = kind_of(question) {
        return offer(arguments, &setting, ledger, (region, kind), progress);
    }
    if question.more.is_none() && question.accepts.is_none() {
        return told(arguments, &value(&setting, region, promises, progress)?, page::value);
    }
    let before = setting.outcome(&promises, None, progress)?;
    let plan_beds = before.region_beds.get(&region).copied().unwrap_or_default();
    let wanted = question.accepts.unwrap_or(plan_beds.0 + question.more.unwrap_or(0.0));
    let after = setting.outcome(&promises, Some((region, Beds(wanted))), progress)?;
    let every_aim = setting.every_aim(&promises, region);
    told(arguments, &concession(setting.system(), region, (&before, &after), every_aim), page::concession)
}

/// What clap cannot say: which flags need which.
fn check_usage(arguments: &NegotiateArguments) -> Result<(), Failure> {
    let question = &arguments.question;
    let wrong = |text: &str| Err(Failure::bad_input(text));
    let for_all = question.ranges || question.curves || question.replay;
    if for_all && arguments.region.is_some() {
        return wrong("--ranges, --curves and --replay are about every region: leave --region out");
    }
    let entry = kind_of(question).is_some();
    if (entry || question.more.is_some() || question.accepts.is_some()) && arguments.region.is_none() {
        return wrong("which region? Add --region NAME");
    }
    if entry && (arguments.author.is_none() || arguments.reason.is_none()) {
        return wrong(
            "an entry of the ledger needs its author and its reason: add --author WHO --reason WHY",
        );
    }
    if arguments.region.is_none() && arguments.ledger.is_none() && !for_all {
        return wrong(
            "what is asked? Add --region NAME, --ranges, --curves or --ledger FILE; --help has an example of each",
        );
    }
    Ok(())
}

fn kind_of(question: &Question) -> Option<Kind> {
    match question {
        Question { offer: Some(_), .. } => Some(Kind::Offer),
        Question { counter: Some(_), .. } => Some(Kind::Counter),
        Question { settle: true, .. } => Some(Kind::Settle),
        _ => None,
    }
}

/// What each number of beds is worth to a region, once the promises are kept.
fn value(
    setting: &Setting,
    region: RegionIx,
    promises: Promises,
    progress: &mut Progress,
) -> Result<Value, Failure> {
    let plan_beds = setting.plan_beds(&promises, region, progress)?;
    let every_aim = setting.every_aim(&promises, region);
    let curve = setting.value_curve(region, promises, progress)?;
    Ok(finding::value(setting.system(), region, plan_beds, &curve, every_aim))
}

/// The value curves of all regions, into the result folder.
fn curves(
    arguments: &NegotiateArguments,
    setting: &Setting,
    progress: &mut Progress,
) -> Result<String, Failure> {
    let regions = setting.system().regions.indices();
    let found: Vec<Value> = regions
        .map(|region| value(setting, region, Promises::default(), progress))
        .collect::<Result<_, _>>()?;
    let file = arguments.folder.join(value_curves::NAME);
    write_file(&file, &value_curves::table(&found)).map_err(|fault| Failure::bad_input(fault.to_string()))?;
    let text = told(arguments, &found, |found, colour| page::curves(found, colour))?;
    if arguments.json {
        return Ok(text);
    }
    let (file, folder) = (file.display(), arguments.folder.display());
    let waves = over_waves(setting.system()).map_or(String::new(), |told| format!("\n{told}\n"));
    Ok(format!("{text}{waves}\nWritten to {file}; put it on the page with `bedalloc report {folder}`.\n"))
}

/// A page or JSON.
fn told<T: Serialize>(
    arguments: &NegotiateArguments,
    found: &T,
    page: fn(&T, bool) -> String,
) -> Result<String, Failure> {
    if !arguments.json {
        return Ok(page(found, colour()));
    }
    json(found).map_err(|text| Failure { exit: Exit::Bug, text })
}

fn told_ledger(arguments: &NegotiateArguments, ledger: &Ledger) -> Result<String, Failure> {
    if arguments.json {
        return json(&ledger.entries).map_err(|text| Failure { exit: Exit::Bug, text });
    }
    Ok(page::ledger(ledger, colour()))
}

/// Works out an entry, adds it to the ledger, and tells what it would change.
fn offer(
    arguments: &NegotiateArguments,
    setting: &Setting,
    mut ledger: Ledger,
    (region, kind): (RegionIx, Kind),
    progress: &mut Progress,
) -> Result<String, Failure> {
    let (Some(file), Some(author), Some(reason)) = (&arguments.ledger, &arguments.author, &arguments.reason)
    else {
        return Err(Failure::bad_input("an entry needs --ledger, --author and --reason"));
    };
    let draft = Draft {
        kind,
        region: setting.system().regions.id(region).to_string(),
        new_beds: arguments.question.offer.or(arguments.question.counter),
        author: author.clone(),
        time: clock::iso_8601(SystemTime::now()),
        reason: reason.clone(),
        model: setting.fingerprint.clone(),
    };
    let wanted = ledger.beds_of(&draft).map_err(Failure::bad_input)?;
    let (effect, before, after) = setting.effect(&ledger, region, Beds(wanted), progress)?;
    let every_aim = setting.every_aim(&promises_of(setting, &ledger)?, region);
    let entry = ledger.add(&draft, effect).map_err(Failure::bad_input)?;
    ledger_file::append(file, entry)?;
    if arguments.json {
        return json(entry).map_err(|text| Failure { exit: Exit::Bug, text });
    }
    let text =
        page::concession(&concession(setting.system(), region, (&before, &after), every_aim), colour());
    Ok(format!("{text}\nEntry {} of {}: {}\n", entry.entry, file.display(), entry.kind.name()))
}

/// Works out every entry anew, and finds the plan agreed.
fn replay(
    arguments: &NegotiateArguments,
    setting: &Setting,
    ledger: &Ledger,
    progress: &mut Progress,
) -> Result<String, Failure> {
    let file = arguments.ledger.as_deref().unwrap_or_else(|| "the ledger".as_ref());
    let mut so_far = Ledger::default();
    for entry in &ledger.entries {
        let region = setting.region_of_code(&entry.region).ok_or_else(|| {
            Failure::bad_input(format!(
                "{}:{}: the model has no region {}",
                file.display(),
                entry.entry,
                entry.region
            ))
        })?;
        let (effect, ..) = setting.effect(&so_far, region, Beds(entry.new_beds), progress)?;
        if let Some(what) = entry.effect.differs_from(&effect) {
            return Err(Failure::bad_input(format!(
                "{}:{}: worked out anew, {what} is not what the entry says",
                file.display(),
                entry.entry
            )));
        }
        so_far.entries.push(entry.clone());
    }
    let before = setting.outcome(&promises_of(setting, &Ledger::default())?, None, progress)?;
    let after = setting.outcome(&promises_of(setting, ledger)?, None, progress)?;
    if let Some(output) = &arguments.output {
        ledger_file::write_model(output, file, &arguments.folder, ledger)?;
    }
    let found = finding::replay(setting.system(), ledger, &before, &after);
    let text = told(arguments, &found, page::replay)?;
    Ok(match &arguments.output {
        Some(output) if !arguments.json => {
            format!("{text}\nWritten to {0}; solve it with `bedalloc solve {0}`.\n", output.display())
        }
        _ => text,
    })
}
