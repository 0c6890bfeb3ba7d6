//! The summary for a screen: one page in plain words.

pub mod benchmarks;
pub mod comparison;
pub mod conflict;
pub mod explanation;
mod lines;
pub mod negotiation;
pub mod trial;

use super::Report;
use super::measures;
use super::number::{grouped, percent};
use super::sums::{PlaceSum, comparator, share, unmet_before_at_the_end, worst_region};
use super::warnings::{PROVEN, warnings};
use crate::domain::RegionIx;
use crate::domain::policy::{Combination, Term};
use crate::domain::units::{BedMinutes, OccupiedBeds};
use crate::pipeline::result::{Comparator, LevelResult, Refusals, Status, WholeBeds};
use crate::solution::LevelName;
use crate::solution::words::name_or_id;
use lines::{Page, Row};

/// Regions shown before the rest are left to the table in the folder.
const MOST_REGIONS: usize = 12;
/// Notes shown before the rest are left to the summary in the folder.
const MOST_NOTES: usize = 5;
/// Gaps are told to this, rounded up.
const SMALLEST_TOLD: f64 = 1e-4;
/// Letters of a region's name that are shown.
const NAME_WIDTH: usize = 26;

/// The page: at most 100 columns wide. `colour` sets headings in bold with ANSI codes.
pub fn render(report: &Report, colour: bool) -> String {
    let mut page = Page::new(colour);
    page.heading(&report.system.name);
    page.line(&proof(report));
    if let Some(whole) = &report.result.whole_beds {
        page.line(&whole_beds_line(report, whole));
    }
    if let Some(refusals) = &report.result.refusals {
        page.line(&refusals_line(refusals));
    }
    page.gap();
    page.table(&nation(report));
    for line in measures::lines(report) {
        page.bullet(&line);
    }
    page.gap();
    if report.sums.waves.len() > 1 {
        page.table(&waves(report));
        page.gap();
    }
    page.table(&terms(report));
    page.gap();
    page.table(&regions(report));
    let in_fractions = report.result.whole_beds.is_some();
    if report.result.ranges.is_some() && !in_fractions && !ranges_differ(report) {
        page.line("Every plan that is equally good gives each region the same new beds.");
    }
    if !report.result.comparators.is_empty() {
        page.gap();
        page.table(&comparators(report));
    }
    let notes = warnings(report);
    if !notes.is_empty() {
        page.gap();
        page.heading("Please note");
        for note in notes.iter().take(MOST_NOTES) {
            page.bullet(note);
        }
        if notes.len() > MOST_NOTES {
            page.bullet(&format!("and {} more, in summary.json", notes.len() - MOST_NOTES));
        }
    }
    page.finish()
}

fn proof(report: &Report) -> String {
    let gap = report.result.gap();
    let aims = match report.system.policy.objective.combination {
        Combination::Priorities(_) => "for these priorities",
        Combination::Weights(_) => "for these weights",
    };
    if let (Some(_), Status::Optimal) = (&report.result.whole_beds, report.result.status) {
        return "Solved in fractions (proven), then made whole; what follows is the plan in whole beds."
            .to_owned();
    }
    match report.result.status {
        Status::Optimal if gap <= PROVEN => format!("Solved: no plan is better {aims} (proven)."),
        Status::Optimal => {
            format!("Solved: no plan is better {aims} by more than {} (proven).", percent(gap))
        }
        Status::Stopped(_) => {
            format!(
                "Stopped early: a better plan may exist {aims}; largest gap to the bound {}.",
                percent(gap)
            )
        }
    }
}

/// How far the plan in whole beds is from the best, and what its prices are.
fn whole_beds_line(report: &Report, whole: &WholeBeds) -> String {
    let first = match report.result.levels.first().map(|level| level.name) {
        Some(LevelName::Term(Term::Unmet, _)) => "the least unmet need",
        Some(LevelName::Term(..)) => "the best of the first aim",
        _ => "the best weighted sum",
    };
    let beds = if whole.ward.0 > 1.0 {
        format!("Wards of {} beds", grouped(whole.ward.0, 0))
    } else {
        "Whole beds".to_owned()
    };
    format!(
        "{beds}: gap {:.4}% of {first}; prices are local, from the program with beds fixed.",
        100.0 * report.result.gap()
    )
}

/// What the limits of refusals took. The plan is the best at the caps arrived at.
fn refusals_line(refusals: &Refusals) -> String {
    let worst = refusals.rounds.last().map_or(0.0, |round| round.worst.0);
    format!(
        "No pool of beds refuses more than it may (worst {}): {} rounds, {} caps tightened.",
        percent(worst),
        refusals.rounds.len(),
        refusals.caps.len(),
    )
}

/// The whole country, before and after; of several waves the last.
fn nation(report: &Report) -> Vec<Row> {
    let (sum, unmet_today, heading) = at_the_end(report);
    let share_of = |beds: OccupiedBeds| share(beds, sum.need).map_or(String::new(), |s| percent(s.0));
    let need_words = match report.system.policy.social_care {
        Some(_) => "Need, less beds freed by social care",
        None => "Need, in occupied beds",
    };
    let mut rows = vec![
        Row::heading([heading.as_str(), "Today", "After", "Change"]),
        Row::new([
            "General and acute beds".to_owned(),
            grouped(sum.before.0, 0),
            grouped(sum.after().0, 0),
            signed((sum.after() - sum.before).0, 0),
        ]),
        Row::new([
            need_words.to_owned(),
            grouped(sum.need.0, 1),
            grouped((sum.need - sum.released).0, 1),
            signed(-sum.released.0, 1),
        ]),
        Row::new([
            "Need left unmet, in occupied beds".to_owned(),
            unmet_today.map_or(String::new(), |beds| grouped(beds.0, 1)),
            grouped(sum.unmet.0, 1),
            unmet_today.map_or(String::new(), |beds| signed((sum.unmet - beds).0, 1)),
        ]),
        Row::new([
            "Need left unmet, share".to_owned(),
            unmet_today.map_or(String::new(), share_of),
            share_of(sum.unmet),
            String::new(),
        ]),
    ];
    if report.system.policy.induced.is_on() {
        let induced = sum.induced.0;
        let words = "Need that added beds bring forth".to_owned();
        rows.insert(3, Row::new([words, grouped(0.0, 1), grouped(induced, 1), signed(induced, 1)]));
    }
    rows
}

/// What the first table shows: the sum, unmet need without new beds, and the heading. With several waves
/// those of the last wave, its beds against today's.
fn at_the_end(report: &Report) -> (PlaceSum, Option<OccupiedBeds>, String) {
    let (system, sums) = (report.system, &report.sums);
    let [_, .., (last, end)] = &sums.waves[..] else {
        let before = comparator(report.result, Comparator::DoNothing).map(|nothing| nothing.unmet);
        return (sums.nation, before, "All regions".to_owned());
    };
    let before = system.regions.indices().map(|r| unmet_before_at_the_end(system, report.result, r)).sum();
    let PlaceSum { before: today, new, moves, .. } = sums.nation;
    let sum = PlaceSum { before: today, new, moves, ..*end };
    (sum, before, format!("All regions, {}", system.wave_name(*last)))
}

/// A line for each wave.
fn waves(report: &Report) -> Vec<Row> {
    let mut rows = vec![Row::heading(["Wave", "New beds", "Beds after", "Need", "Freed", "Unmet", "share"])];
    for (opening, sum) in &report.sums.waves {
        rows.push(Row::new([
            report.system.wave_name(*opening).to_owned(),
            grouped(sum.new.0, 0),
            grouped(sum.after().0, 0),
            grouped(sum.need.0, 0),
            grouped(sum.released.0, 0),
            grouped(sum.unmet.0, 1),
            share(sum.unmet, sum.need).map_or(String::new(), |s| percent(s.0)),
        ]));
    }
    rows
}

/// What each term of the objective reached, in the order in which the model looks at them.
fn terms(report: &Report) -> Vec<Row> {
    let mut rows = vec![Row::heading(["What the plan looks at, in order", "Reached", "Unit", "Proof"])];
    let mut order: Vec<Term> = match &report.system.policy.objective.combination {
        Combination::Priorities(levels) => levels.iter().map(|level| level.term).collect(),
        Combination::Weights(weights) => weights.keys().copied().collect(),
    };
    order.extend(Term::ALL.into_iter().filter(|term| !order.contains(term)).collect::<Vec<_>>());
    for term in order {
        let Some(&value) = report.result.terms.get(&term) else { continue };
        let (value, unit) = match term {
            Term::Inequality if report.sums.waves.len() > 1 => (percent(value), "of need, waves added up"),
            Term::Inequality => (percent(value), "of need"),
            Term::Cost => (grouped(value / 1e6, 1), "£ million a year"),
            _ => (grouped(value, 1), term.unit()),
        };
        let words = match term {
            Term::Unmet if report.system.worst_tail().is_some() => "Unmet need, worst scenarios",
            _ => term_words(term),
        };
        rows.push(Row::new([words.to_owned(), value, unit.to_owned(), term_proof(report, term)]));
        if term == Term::Travel {
            rows.extend(travel_parts(report).into_iter().flatten());
        }
    }
    rows
}

/// The two parts of the travel term, since only the first is journeys that people make.
fn travel_parts(report: &Report) -> Option<[Row; 2]> {
    let (treated, unmet) = report.travel_parts()?;
    let row = |words: &str, part: BedMinutes| {
        Row::new([words.to_owned(), grouped(part.0, 1), Term::Travel.unit().to_owned()])
    };
    Some([row("  patients treated", treated), row("  unmet need, as to the nearest", unmet)])
}

fn term_words(term: Term) -> &'static str {
    match term {
        Term::Unmet => "Unmet need, weighted",
        Term::Inequality => "Worst-off group's unmet share",
        Term::Travel => "Travel beyond the free minutes",
        Term::Disruption => "Beds and money moved from today",
        Term::Cost => "Cost",
    }
}

fn term_proof(report: &Report, term: Term) -> String {
    let levels = &report.result.levels;
    let of_term = levels.iter().filter(|level| matches!(level.name, LevelName::Term(of, _) if of == term));
    let gap = |level: &LevelResult| match &report.result.whole_beds {
        Some(whole) => whole.gap_of(level),
        None => Some(level.gap()),
    };
    match of_term.filter_map(gap).reduce(f64::max) {
        Some(gap) if gap <= PROVEN => "best possible".to_owned(),
        Some(gap) => format!("within {}", percent(gap.max(SMALLEST_TOLD))),
        None if levels.iter().any(|level| level.name == LevelName::Weighted) => "in the sum".to_owned(),
        None => "not looked at".to_owned(),
    }
}

fn regions(report: &Report) -> Vec<Row> {
    let system = report.system;
    let before = |region| unmet_before_at_the_end(system, report.result, region);
    let decimals = new_beds_decimals(report);
    let range = |region: RegionIx| {
        let range = report.result.ranges.iter().flatten().find(|range| range.region == region);
        range.map_or(String::new(), |r| format!("{}-{}", grouped(r.least.0, 0), grouped(r.most.0, 0)))
    };
    let mut heading = vec!["Region", "Need", "Beds now", "New beds"];
    if ranges_differ(report) {
        heading.push("could be");
    } else if beds_change_region(report) {
        heading.push("moved");
    }
    heading.extend(["Unmet now", "share", "after", "share"]);
    let mut rows = vec![Row::heading(heading)];
    for (region, id, item) in system.regions.iter().take(MOST_REGIONS) {
        let sum = report.sums.region_at_the_end(system, region);
        let percent_of = |beds| share(beds, sum.need).map_or(String::new(), |s| percent(s.0));
        let mut cells = vec![
            shortened(name_or_id(&item.name, id.as_str())),
            grouped(sum.need.0, 0),
            grouped(sum.before.0, 0),
            grouped(sum.new.0, decimals),
        ];
        if ranges_differ(report) {
            cells.push(range(region));
        } else if beds_change_region(report) {
            cells.push(signed(net_moves(report, region), 1));
        }
        cells.extend([
            before(region).map_or(String::new(), |beds| grouped(beds.0, 1)),
            before(region).map_or(String::new(), percent_of),
            grouped(sum.unmet.0, 1),
            percent_of(sum.unmet),
        ]);
        rows.push(Row::new(cells));
    }
    if system.regions.len() > MOST_REGIONS {
        rows.push(Row::new([format!("and {} more", system.regions.len() - MOST_REGIONS)]));
    }
    rows
}

/// Whether some region could have more beds or fewer in another plan that is equally good.
fn ranges_differ(report: &Report) -> bool {
    const PART_OF_A_BED: f64 = 0.05;
    report.result.ranges.iter().flatten().any(|range| (range.most - range.least).0 > PART_OF_A_BED)
}

/// Beds that come to a region less those that leave it or close.
fn net_moves(report: &Report, region: RegionIx) -> f64 {
    report.sums.region(report.system, region).moves.net().0
}

/// Whether some region gains or loses beds of today. Where ranges are told there is no room for it.
fn beds_change_region(report: &Report) -> bool {
    report.system.regions.indices().any(|region| net_moves(report, region).abs() >= 0.05)
}

/// One decimal where some region gets part of a bed.
fn new_beds_decimals(report: &Report) -> usize {
    let whole = |region| {
        let new = report.sums.region(report.system, region).new.0;
        (new - new.round()).abs() < PROVEN
    };
    usize::from(!report.system.regions.indices().all(whole))
}

fn comparators(report: &Report) -> Vec<Row> {
    let system = report.system;
    let ours = report.sums.nation.unmet;
    let worst = |unmet: &dyn Fn(RegionIx) -> OccupiedBeds| {
        worst_region(system, &report.sums, unmet).map_or([String::new(), String::new()], |(region, share)| {
            let name = name_or_id(&system.regions[region].name, system.regions.id(region).as_str());
            [shortened(name), percent(share.0)]
        })
    };
    let mut rows = vec![Row::heading([
        "Beds shared by a simple rule",
        if report.sums.waves.len() > 1 { "Unmet, all waves" } else { "Unmet" },
        "Worst region",
        "share",
        "Met more by this plan",
    ])];
    for which in Comparator::ALL {
        let Some(result) = comparator(report.result, which) else { continue };
        let [name, share] = worst(&|region| result.unmet_of(system, region));
        let gain = signed((result.unmet - ours).0, 1);
        rows.push(Row::new([rule_words(which).to_owned(), grouped(result.unmet.0, 1), name, share, gain]));
    }
    let [name, share] = worst(&|region| report.sums.region(system, region).unmet);
    rows.push(Row::new(["This plan".to_owned(), grouped(ours.0, 1), name, share]));
    rows
}

fn rule_words(rule: Comparator) -> &'static str {
    match rule {
        Comparator::DoNothing => "No new beds at all",
        Comparator::PopulationShare => "By population",
        Comparator::NeedShare => "By need",
        Comparator::OccupancyTopUp => "The fullest hospitals first",
    }
}

fn signed(value: f64, decimals: usize) -> String {
    let text = grouped(value, decimals);
    let nothing = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if value > 0.0 && !nothing { format!("+{text}") } else { text }
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME_WIDTH {
        return name.to_owned();
    }
    name.chars().take(NAME_WIDTH - 1).chain(['…']).collect()
}
