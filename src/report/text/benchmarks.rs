//! Benchmarks and recorded justifications as text.

use super::lines::{Page, Row};
use crate::domain::number::{grouped, percent};
use crate::insight::benchmarks::{Benchmark, Recorded, Standard};

/// The question that planning toolkits of 2001 put to places that differ.
pub const QUESTION: &str = "Why do you think you are different, and can you justify it?";

/// Heads of the standards, in their order.
pub const HEADS: [&str; 5] = ["Full", "Use", "Delay", "Beds", "Minutes"];

/// How to read the table.
pub const KEY: [&str; 6] = [
    "Full: beds occupied today; the standard is the model's occupancy cap.",
    "Use: need over what age and deprivation lead one to expect.",
    "Delay: need held by patients fit to leave.",
    "Beds: beds today for each 100 occupied beds of need (of a trust: of those who come to it today).",
    "Minutes: mean journey of those treated in the plan.",
    "Other standards are England's own values. A star: somebody recorded why.",
];

/// The table of all trusts and commissioners.
pub fn render(all: &[Benchmark], colour: bool) -> String {
    let mut page = Page::new(colour);
    for (kind, heading) in [("commissioner", "Commissioners"), ("trust", "Trusts")] {
        let rows: Vec<&Benchmark> = all.iter().filter(|one| one.kind == kind).collect();
        let Some(first) = rows.first() else { continue };
        page.heading(heading);
        let names = [heading.trim_end_matches('s')].into_iter().chain(HEADS).chain(["Different in"]);
        let mut table = vec![Row::heading(names)];
        let standards = first.standards.iter().map(|standard| shown(standard, standard.standard));
        table.push(Row::new(["Standard".to_owned()].into_iter().chain(standards).chain([String::new()])));
        for one in rows {
            let values = one.standards.iter().map(|standard| shown(standard, standard.value));
            let name = format!("{} {}", one.id, clipped(&one.name));
            table.push(Row::new([name].into_iter().chain(values).chain([different(one)])));
        }
        page.table(&table);
        page.gap();
    }
    for line in KEY {
        page.bullet(line);
    }
    page.finish()
}

/// The sections of one place.
pub fn section(page: &mut Page, benchmark: Option<&Benchmark>, recorded: &[Recorded]) {
    if let Some(one) = benchmark {
        page.gap();
        page.heading("Against national standards");
        for standard in &one.standards {
            let Some(value) = standard.value else { continue };
            let beside = shown(standard, standard.standard);
            let verdict = standard.different.map_or_else(String::new, |side| format!(": {side} it"));
            page.bullet(&format!(
                "{} {}, against {beside}{verdict}",
                words(standard),
                shown(standard, Some(value))
            ));
        }
        let open: Vec<&str> = one.unexplained().map(|standard| standard.name).collect();
        if !open.is_empty() {
            page.bullet(&format!("{QUESTION} ({})", open.join(", ")));
        }
    }
    if !recorded.is_empty() {
        page.gap();
        page.heading("Recorded justifications");
        for found in recorded {
            for told in justification(found) {
                page.bullet(&told);
            }
        }
    }
}

/// A justification in sentences: who, in what and why; then what it changes in the model.
pub fn justification(found: &Recorded) -> Vec<String> {
    let evidence = found.evidence.as_deref().unwrap_or("none given");
    let mut told = vec![format!(
        "{}, {}: {} Evidence: {evidence}. ({}:{})",
        found.who,
        found.what,
        sentence(&found.why),
        found.file,
        found.line
    )];
    told.extend(found.changes.iter().map(|change| format!("In the model: {change}.")));
    told
}

/// What a standard is about, ending in a colon.
pub fn words(standard: &Standard) -> &'static str {
    match standard.name {
        "occupancy" => "Beds occupied today:",
        "use" => "Need over what age and deprivation lead one to expect:",
        "delay" => "Need held by patients fit to leave:",
        "beds" => "Beds today for each 100 occupied beds of need:",
        _ => "Mean journey of those treated in the plan, minutes:",
    }
}

/// A value as people read it, in the standard's unit.
pub fn shown(standard: &Standard, value: Option<f64>) -> String {
    let Some(value) = value else { return "-".to_owned() };
    match standard.name {
        "occupancy" | "delay" => percent(value),
        "use" => grouped(value, 2),
        "beds" => grouped(100.0 * value, 1),
        _ => grouped(value, 1),
    }
}

/// In what a place is different, and on which side; a star where somebody recorded why.
pub fn different(one: &Benchmark) -> String {
    let named = one.standards.iter().filter_map(|standard| {
        let star = if one.justifications.iter().any(|found| found.what == standard.name) { "*" } else { "" };
        standard.different.map(|side| format!("{} {side}{star}", standard.name))
    });
    named.collect::<Vec<_>>().join(", ")
}

fn clipped(name: &str) -> String {
    const LONGEST: usize = 40;
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    name.chars().take(LONGEST - 1).collect::<String>().trim_end().to_owned() + "…"
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}
