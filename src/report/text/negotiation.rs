//! Findings of a negotiation as pages.

use super::lines::{Page, Row};
use super::{shortened, signed};
use crate::domain::number::{grouped, percent, tidy};
use crate::insight::negotiate::concession::{Change, Concession, RegionChange, SiteChange};
use crate::insight::negotiate::finding::{Ranges, Replay, Value};
use crate::insight::negotiate::ledger::{Entry, Kind, Ledger};
use crate::insight::negotiate::value::{Lowest, ValueRow};

/// Rows of a curve that are shown; `--json` has all.
const MOST_ROWS: usize = 24;
/// Rows of a curve are further apart than a unit of the last of these.
const MOST_DECIMALS: usize = 4;
/// Changes below this show as none.
const NOTHING: f64 = 0.05;

/// What each number of beds is worth to a region.
pub fn value(found: &Value, colour: bool) -> String {
    let mut page = Page::new(colour);
    page.heading(&format!("What new beds are worth: {}", found.name));
    bullets(&mut page, &found.told);
    page.gap();
    let own = ["its own unmet: least", "most"];
    let worst = format!("Worst-off {}", found.group);
    let mut rows = vec![Row::heading(["New beds", "England's unmet need", &worst, own[0], own[1], ""])];
    let mut shown: Vec<(ValueRow, &str)> = found.rows.iter().map(|row| (*row, "")).collect();
    if let Some(plan) = found.at_plan {
        let here = |row: &ValueRow| (row.beds - plan.beds).0.abs() < NOTHING;
        if let Some(there) = shown.iter_mut().find(|(row, _)| here(row)) {
            there.1 = "the plan";
        } else {
            let at = shown.iter().position(|(row, _)| row.beds > plan.beds).unwrap_or(shown.len());
            shown.insert(at, (plan, "the plan"));
        }
    }
    let left_out = shown.len().saturating_sub(MOST_ROWS);
    let shown = near_the_plan(shown);
    let beds = told_apart(&shown.iter().map(|(row, _)| row.beds.0).collect::<Vec<_>>());
    rows.extend(shown.into_iter().zip(beds).map(|((row, mark), beds)| {
        Row::new([
            beds,
            grouped(row.england_unmet.0, 1),
            row.worst_share.map_or(String::new(), |share| percent(share.0)),
            grouped(row.own_least.0, 1),
            grouped(row.own_most.0, 1),
            mark.to_owned(),
        ])
    }));
    page.table(&rows);
    let more = match left_out {
        0 => String::new(),
        some => format!(" {some} rows further from the plan are left out; --json has all."),
    };
    page.gap();
    page.bullet(&format!(
        "Rows are the ends and exact breakpoints (and the plan); between two rows everything is straight. Unmet need \
         in {}.{more}",
        found.unit
    ));
    page.finish()
}

/// The value curves of all regions in short: where each quantity stands at its least.
pub fn curves(found: &[Value], colour: bool) -> String {
    let mut page = Page::new(colour);
    page.heading("What new beds are worth to every region");
    let unit = found.first().map_or("occupied beds", |value| value.unit);
    let group = found.first().map_or("region", |value| value.group);
    let worst = format!("Worst-off {group}");
    let mut rows = vec![Row::heading([
        "Region",
        "Plan",
        "Could get",
        "England's unmet",
        "least with",
        &worst,
        "best with",
    ])];
    let beds = |from: f64, to: f64| format!("{}-{}", grouped(from, 1), grouped(to, 1));
    for value in found {
        let curve = value.curve();
        let ends = value.rows.first().zip(value.rows.last());
        let mut cells = vec![shortened(&value.name), grouped(value.plan_beds.0, 1)];
        cells.push(ends.map_or(String::new(), |(first, last)| beds(first.beds.0, last.beds.0)));
        let mut tell = |lowest: Option<Lowest>, shown: fn(f64) -> String| match lowest {
            Some(lowest) => cells.extend([shown(lowest.value), beds(lowest.from.0, lowest.to.0)]),
            None => cells.extend([String::new(), String::new()]),
        };
        tell(curve.lowest(|row| Some(row.england_unmet.0)), |unmet| grouped(unmet, 1));
        tell(curve.lowest(|row| row.worst_share.map(|share| share.0)), percent);
        rows.push(Row::new(cells));
    }
    page.table(&rows);
    page.gap();
    page.bullet(&format!(
        "Each region by itself, new beds: what the rules of the model let it get; the least that England can then leave unmet, \
         in {unit}, and with how many beds of the region that is so; and of these plans the least unmet share of the worst-off \
         {group}, and with how many."
    ));
    page.finish()
}

/// Ascending numbers of beds with one decimal, or with as many more as tell a number from its neighbours: two breakpoints may
/// lie a few hundredths of a bed apart.
fn told_apart(beds: &[f64]) -> Vec<String> {
    let differs = |at: usize, decimals: usize| {
        let text = grouped(beds[at], decimals);
        let near = [at.checked_sub(1), Some(at + 1).filter(|next| *next < beds.len())];
        near.into_iter().flatten().all(|other| grouped(beds[other], decimals) != text)
    };
    let decimals =
        |at: usize| (1..MOST_DECIMALS).find(|&decimals| differs(at, decimals)).unwrap_or(MOST_DECIMALS);
    (0..beds.len()).map(|at| grouped(beds[at], decimals(at))).collect()
}

/// At most so many rows: the two ends, and those around the plan.
fn near_the_plan(mut rows: Vec<(ValueRow, &str)>) -> Vec<(ValueRow, &str)> {
    while rows.len() > MOST_ROWS {
        let plan = rows.iter().position(|(_, mark)| !mark.is_empty()).unwrap_or(rows.len() / 2);
        let last = rows.len() - 1;
        // The ends stay; of the rest the one furthest from the plan goes.
        let at = if plan > last - plan { 1 } else { last - 1 };
        rows.remove(at);
    }
    rows
}

/// What a change in a region's beds comes to.
pub fn concession(found: &Concession, colour: bool) -> String {
    let mut page = Page::new(colour);
    page.heading(&format!("{}: {} new beds", found.name, grouped(found.new_beds.after, 1)));
    bullets(&mut page, &found.told);
    changes(&mut page, &found.regions, &found.sites);
    page.finish()
}

fn changes(page: &mut Page, regions: &[RegionChange], sites: &[SiteChange]) {
    page.gap();
    let columns = ["Region", "New beds", "after", "change", "Unmet", "after", "change", "Share", "after"];
    let mut rows = vec![Row::heading(columns)];
    for region in regions {
        let mut cells = vec![shortened(&region.name)];
        for change in [region.new_beds, region.unmet_beds] {
            cells.extend(before_and_after(change));
        }
        cells.extend([percent(region.unmet_share.before), percent(region.unmet_share.after)]);
        rows.push(Row::new(cells));
    }
    page.table(&rows);
    if sites.is_empty() {
        return;
    }
    page.gap();
    let mut rows = vec![Row::heading(["Sites that change most", "Region", "New beds", "after", "change"])];
    for site in sites {
        let name = if site.name.is_empty() { &site.site } else { &site.name };
        let cells = [shortened(name), shortened(&site.region)];
        rows.push(Row::new(cells.into_iter().chain(before_and_after(site.new_beds))));
    }
    page.table(&rows);
}

fn before_and_after(change: Change) -> [String; 3] {
    [grouped(change.before, 1), grouped(change.after, 1), signed(change.difference, 1)]
}

/// Least and most beds of every region.
pub fn ranges(found: &Ranges, colour: bool) -> String {
    let mut page = Page::new(colour);
    page.heading("Least and most new beds of every region in plans that are nearly as good");
    let within: Vec<String> = found
        .regions
        .first()
        .map(|region| {
            region.ranges.iter().map(|range| format!("within {}%", tidy(100.0 * range.within.0))).collect()
        })
        .unwrap_or_default();
    let heading = ["Region", "Plan"].into_iter().chain(within.iter().map(String::as_str));
    let mut rows = vec![Row::heading(heading)];
    for region in &found.regions {
        let ranges = region
            .ranges
            .iter()
            .map(|range| format!("{}-{}", grouped(range.least_beds.0, 1), grouped(range.most_beds.0, 1)));
        let cells = [shortened(&region.name), grouped(region.plan_beds.0, 1)];
        rows.push(Row::new(cells.into_iter().chain(ranges)));
    }
    page.table(&rows);
    page.gap();
    let worst = found.worst_share.map_or(String::new(), |share| {
        format!(
            ", and no {} more than {} of its need, the share of the worst-off",
            found.group,
            percent(share.0)
        )
    });
    page.bullet(&format!(
        "Within 1% is: England leaves at most 1% more unmet than the least, {} {}{worst}, times 1.01. Later aims \
         (travel, disruption, cost) are left out of account.",
        grouped(found.england_unmet.0, 1),
        found.unit
    ));
    page.finish()
}

/// What lies on the table and what is settled.
pub fn ledger(found: &Ledger, colour: bool) -> String {
    let mut page = Page::new(colour);
    page.heading("The ledger");
    if found.entries.is_empty() {
        page.bullet("Nothing has been offered yet.");
    }
    for entry in &found.entries {
        page.bullet(&entry_words(entry));
    }
    page.finish()
}

/// "3 (2026-11-22T10:00:00Z, A. Smith): settles 700.0 new beds for South East ...".
fn entry_words(entry: &Entry) -> String {
    let verb = match (entry.kind, entry.answers) {
        (Kind::Offer, _) => "offers".to_owned(),
        (Kind::Counter, Some(answered)) => format!("counters {answered} with"),
        (Kind::Settle, Some(answered)) => format!("settles {answered} at"),
        (kind, None) => kind.name().to_owned(),
    };
    let effect = &entry.effect;
    let before = effect.new_beds.get(&entry.region).map_or(0.0, |beds| beds.before);
    let worst = effect.worst_share.map_or(String::new(), |share| {
        format!(", the worst share from {} to {}", percent(share.before), percent(share.after))
    });
    let travel = effect.travel.map_or(String::new(), |travel| {
        format!(
            ", journeys from {} to {} patient-bed minutes",
            grouped(travel.before, 0),
            grouped(travel.after, 0)
        )
    });
    format!(
        "{} ({}, {}): {verb} {} new beds for {}, before {}. Unmet need of England from {} to {}, of the region's \
         people from {} to {}{worst}{travel}. Reason: {}",
        entry.entry,
        entry.time,
        entry.author,
        grouped(entry.new_beds, 1),
        entry.region,
        grouped(before, 1),
        grouped(effect.england_unmet.before, 1),
        grouped(effect.england_unmet.after, 1),
        grouped(effect.region_unmet.before, 1),
        grouped(effect.region_unmet.after, 1),
        entry.reason
    )
}

/// A ledger played again.
pub fn replay(found: &Replay, colour: bool) -> String {
    let mut page = Page::new(colour);
    page.heading("The plan as agreed");
    page.bullet(&format!(
        "{} entries, each worked out anew: the ledger is whole and its figures are right.",
        found.entries
    ));
    if found.settled.is_empty() {
        page.bullet("Nothing is settled, so the plan is that of the result.");
    }
    for entry in &found.settled {
        page.bullet(&format!(
            "{}: exactly {} new beds (entry {}, {}, {}). {}",
            entry.region,
            grouped(entry.new_beds, 1),
            entry.entry,
            entry.author,
            entry.time,
            entry.reason
        ));
    }
    page.bullet(&format!(
        "England's unmet need: {} {} ({}).",
        grouped(found.england_unmet.after, 1),
        found.unit,
        signed(found.england_unmet.difference, 1)
    ));
    if let Some(worst) = found.worst_share {
        page.bullet(&format!(
            "The worst-off {}: {} of its need unmet ({} percentage points).",
            found.group,
            percent(worst.after),
            signed(100.0 * worst.difference, 3)
        ));
    }
    if let Some(travel) = found.travel {
        page.bullet(&format!(
            "Journeys, as the travel aim counts them: {} patient-bed minutes ({}).",
            grouped(travel.after, 0),
            signed(travel.difference, 0)
        ));
    }
    changes(&mut page, &found.regions, &found.sites);
    page.finish()
}

fn bullets(page: &mut Page, told: &[String]) {
    for sentence in told {
        page.bullet(sentence);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breakpoints_that_lie_close_together_are_told_with_more_decimals() {
        assert_eq!(
            told_apart(&[0.0, 1_055.08, 1_055.123, 2_000.0]),
            ["0.0", "1,055.08", "1,055.12", "2,000.0"]
        );
        assert_eq!(told_apart(&[5.0]), ["5.0"]);
        assert_eq!(told_apart(&[7.000_2, 7.000_4]), ["7.0002", "7.0004"]);
    }
}
