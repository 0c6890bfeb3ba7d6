//! An explanation as a page.

use super::lines::Page;
use crate::insight::Explanation;
use crate::insight::figure::Sentence;

/// The page. `colour` sets headings in bold with ANSI codes.
pub fn render(explanation: &Explanation, colour: bool) -> String {
    let mut page = Page::new(colour);
    let of = match &explanation.period {
        Some(period) => format!("{}, {period}", explanation.name),
        None => explanation.name.clone(),
    };
    page.heading(&of);
    bullets(&mut page, &explanation.got);
    if let Some(gap) = &explanation.gap {
        page.gap();
        page.heading("Why it differs");
        page.bullet(&gap.told.text());
        page.line("    of which, in percentage points:");
        for part in &gap.parts {
            page.hanging(&part.told.text());
        }
        for note in &gap.notes {
            page.bullet(note);
        }
    }
    if let Some(served) = &explanation.served {
        for (heading, told) in [
            ("Who serves it now", &served.now),
            ("Who serves it in this plan", &served.after),
            ("What would serve it better", &served.better),
        ] {
            page.gap();
            page.heading(heading);
            bullets(&mut page, told);
        }
    }
    super::benchmarks::section(&mut page, explanation.benchmark.as_ref(), &explanation.justifications);
    page.gap();
    page.heading("What binds");
    for told in &explanation.binds.told {
        page.bullet(&format!("{}: {}", told.level.replace('_', ", round "), told.told.text()));
    }
    let more = explanation.binds.all.len();
    if explanation.binds.told.is_empty() {
        page.bullet("Nothing has a price.");
    } else {
        page.bullet(&format!(
            "Prices hold at the margin, with the aims before them kept. --json has all {more} of them."
        ));
    }
    if let Some(only) = &explanation.binds.holds_for {
        page.bullet(&format!("They are local: those of {only}."));
    }
    page.finish()
}

fn bullets(page: &mut Page, told: &[Sentence]) {
    for sentence in told {
        page.bullet(&sentence.text());
    }
}
