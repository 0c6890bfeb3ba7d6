//! The answer first: one sentence, four figures, the regions, and what a formula would have given.

use super::super::sums::ALIKE;
use super::read::{each_row, maybe, number};
use crate::domain::number::{grouped, percent};
use crate::insight::error::InsightError;
use crate::insight::ledger::Ledger;
use serde::Serialize;
use serde_json::Value;

/// The simple rules: their name in the summary, in a table's head, and in a sentence.
const RULES: [(&str, &str, &str); 3] = [
    ("population_share", "By population", "sharing by population"),
    ("need_share", "By need", "sharing by need"),
    ("occupancy_top_up", "Fullest hospitals first", "filling the fullest hospitals first"),
];

/// The first screen, all of it text.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// Name of the model.
    pub title: String,
    /// What the plan does, in one sentence.
    pub sentence: String,
    /// How sure that is.
    pub proof: String,
    /// Whether every aim is proven.
    pub proven: bool,
    /// Four figures at most.
    pub figures: Vec<Headline>,
    /// Heads of the columns of what formulas give.
    pub rules: Vec<&'static str>,
    /// Regions, in order of code; the last is their sum.
    pub regions: Vec<RegionRow>,
    /// Rules side by side with this plan, by what they leave unmet.
    pub compared: Vec<Rule>,
    /// The period that is told, where there are several.
    pub period: Option<String>,
}

/// A figure that stands out.
#[derive(Debug, Serialize)]
pub struct Headline {
    label: &'static str,
    value: String,
    note: String,
}

/// A region.
#[derive(Debug, Serialize)]
pub struct RegionRow {
    id: String,
    name: String,
    need: String,
    before: String,
    new: String,
    range: String,
    unmet_before: String,
    share_before: String,
    unmet: String,
    share: String,
    /// New beds by each of the rules.
    rules: Vec<String>,
}

/// A rule, or the plan.
#[derive(Debug, Serialize)]
pub struct Rule {
    name: &'static str,
    unmet: String,
    worst: String,
    share: String,
    more: String,
}

#[derive(Default)]
struct Sum {
    need: f64,
    before: f64,
    new: f64,
    released: f64,
    unmet: f64,
    unmet_before: Option<f64>,
}

/// Reads `regions.csv` and `summary.json`.
pub fn answer(ledger: &Ledger) -> Result<Answer, InsightError> {
    let summary = ledger.files.json("summary.json")?;
    let (regions, all) = regions(ledger, &summary)?;
    let rules: Vec<_> = known_rules(ledger, &summary).into_iter().map(|(_, head, _)| head).collect();
    let proven = summary["status"] == "optimal";
    Ok(Answer {
        title: summary["name"].as_str().unwrap_or_default().to_owned(),
        sentence: sentence(ledger, &all),
        proof: proof(&summary, proven),
        proven,
        figures: figures(ledger, &summary, &all),
        rules,
        regions,
        compared: compared(ledger, &summary),
        period: (!ledger.one_period()).then(|| ledger.period_id().to_owned()),
    })
}

/// The rules that the result tells of. With several periods their totals are not those of the period told.
fn known_rules(ledger: &Ledger, summary: &Value) -> Vec<(&'static str, &'static str, &'static str)> {
    let known = |rule: &str| ledger.one_period() && summary["comparators"][rule].is_object();
    RULES.into_iter().filter(|(rule, ..)| known(rule)).collect()
}

fn sentence(ledger: &Ledger, all: &Sum) -> String {
    // Beds of earlier periods do their part in the one that is told.
    let several = (!ledger.one_period()).then(|| ledger.period_id());
    let (beds, take, leave) = match (several, all.new) {
        (Some(period), _) => (format!("In the period “{period}” this plan,"), "takes", "leaves"),
        (None, none) if none.abs() < 0.05 => {
            ("This plan, which has no new beds,".to_owned(), "takes", "leaves")
        }
        (None, new) => {
            (format!("{} new beds, placed by this plan,", grouped(new, whole(new))), "take", "leave")
        }
    };
    let share = |beds: f64| percent(if all.need > 0.0 { beds / all.need } else { 0.0 });
    match all.unmet_before {
        Some(before) => format!(
            "{beds} with the social-care money it moves, {take} the hospital need left unmet from {} to {} occupied beds a \
             day: from {} of need to {}.",
            grouped(before, 1),
            grouped(all.unmet, 1),
            share(before),
            share(all.unmet),
        ),
        None => format!(
            "{beds} with the social-care money it moves, {leave} {} occupied beds of hospital need unmet: {} of need.",
            grouped(all.unmet, 1),
            share(all.unmet),
        ),
    }
}

/// One decimal where there is one.
fn whole(value: f64) -> usize {
    usize::from((value - value.round()).abs() >= 0.05)
}

fn proof(summary: &Value, proven: bool) -> String {
    let gap = summary["gap"].as_f64();
    match (proven, gap) {
        (true, Some(gap)) if gap <= crate::report::warnings::PROVEN => {
            "Proven: with these aims and limits no other plan does better.".to_owned()
        }
        (true, Some(gap)) => {
            format!("Proven to within {}: no other plan can do better by more than that.", percent(gap))
        }
        _ => "Not proven: the solver was stopped early, and a better plan may exist.".to_owned(),
    }
}

fn regions(ledger: &Ledger, summary: &Value) -> Result<(Vec<RegionRow>, Sum), InsightError> {
    const COLUMNS: [&str; 8] = [
        "region",
        "name",
        "beds_before",
        "new",
        "need_beds",
        "unmet_beds",
        "unmet_beds_before",
        "released_beds",
    ];
    let rules = known_rules(ledger, summary);
    let mut rows = Vec::new();
    let mut all = Sum { unmet_before: Some(0.0), ..Sum::default() };
    each_row(ledger, "regions.csv", COLUMNS, |row, at| {
        let sum = Sum {
            before: number(row, at[2]),
            new: number(row, at[3]),
            need: number(row, at[4]),
            unmet: number(row, at[5]),
            unmet_before: maybe(row, at[6]),
            released: number(row, at[7]),
        };
        all.before += sum.before;
        all.new += sum.new;
        all.need += sum.need;
        all.unmet += sum.unmet;
        all.released += sum.released;
        all.unmet_before = all.unmet_before.zip(sum.unmet_before).map(|(a, b)| a + b);
        let id = row.at(at[0]);
        let of_rule = |rule: &str| find(&summary["comparators"][rule]["regions"], id)["new_beds"].as_f64();
        let told = rules.iter().map(|(rule, ..)| beds_or_dash(of_rule(rule))).collect();
        let range = if ledger.one_period() { range(find(&summary["regions"], id)) } else { dash() };
        rows.push(sum.row(id, row.at(at[1]), range, told));
        Ok(())
    })?;
    let totals = rules.iter().map(|(rule, ..)| {
        let list = summary["comparators"][*rule]["regions"].as_array();
        beds_or_dash(list.map(|list| list.iter().filter_map(|region| region["new_beds"].as_f64()).sum()))
    });
    rows.push(all.row("", "All regions", dash(), totals.collect()));
    Ok((rows, all))
}

impl Sum {
    fn row(&self, id: &str, name: &str, range: String, rules: Vec<String>) -> RegionRow {
        let share = |beds: Option<f64>| {
            beds.filter(|_| self.need > 0.0).map_or_else(dash, |beds| percent(beds / self.need))
        };
        RegionRow {
            id: id.to_owned(),
            name: if name.is_empty() { id } else { name }.to_owned(),
            need: grouped(self.need, 0),
            before: grouped(self.before, 0),
            new: grouped(self.new, 1),
            range,
            unmet_before: beds_or_dash(self.unmet_before),
            share_before: share(self.unmet_before),
            unmet: grouped(self.unmet, 1),
            share: share(Some(self.unmet)),
            rules,
        }
    }
}

/// A region of a list in the summary.
fn find<'a>(list: &'a Value, id: &str) -> &'a Value {
    const NOTHING: &Value = &Value::Null;
    list.as_array().and_then(|list| list.iter().find(|region| region["region"] == id)).unwrap_or(NOTHING)
}

fn range(region: &Value) -> String {
    match (region["least_beds"].as_f64(), region["most_beds"].as_f64()) {
        (Some(least), Some(most)) => format!("{} to {}", grouped(least, 0), grouped(most, 0)),
        _ => dash(),
    }
}

fn beds_or_dash(beds: Option<f64>) -> String {
    beds.map_or_else(dash, |beds| grouped(beds, 1))
}

fn dash() -> String {
    "–".to_owned()
}

fn figures(ledger: &Ledger, summary: &Value, all: &Sum) -> Vec<Headline> {
    let share = |beds: f64| percent(if all.need > 0.0 { beds / all.need } else { 0.0 });
    let mut told = vec![Headline {
        label: "Need left unmet",
        value: grouped(all.unmet, 1),
        note: match all.unmet_before {
            Some(before) => format!("occupied beds, {} of need; {} without", share(all.unmet), share(before)),
            None => format!("occupied beds, {} of need", share(all.unmet)),
        },
    }];
    if let Some(before) = all.unmet_before {
        told.push(Headline {
            label: "Met by this plan",
            value: grouped(before - all.unmet, 1),
            note: "occupied beds more than with no new beds and no money moved".to_owned(),
        });
    }
    if let Some((name, worst)) = worst_region(ledger) {
        told.push(Headline {
            label: "Worst-off region",
            value: percent(worst),
            note: format!("of need unmet ({name}, and any with the same share)"),
        });
    }
    let best = known_rules(ledger, summary).into_iter().filter_map(|(rule, _, words)| {
        Some((summary["comparators"][rule]["extra_unmet_beds"].as_f64()?, words))
    });
    told.push(match best.min_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((extra, words)) => Headline {
            label: "Better than the best formula by",
            value: grouped(extra, 1),
            note: format!("occupied beds of need met; the best of the simple rules is {words}"),
        },
        None => Headline {
            label: "Freed by social care",
            value: grouped(all.released, 1),
            note: "occupied beds that patients fit to leave no longer hold".to_owned(),
        },
    });
    told
}

fn worst_region(ledger: &Ledger) -> Option<(String, f64)> {
    let mut worst: Option<(String, f64)> = None;
    let read = each_row(ledger, "regions.csv", ["name", "unmet_share"], |row, at| {
        if let Some(share) = maybe(row, at[1])
            && worst.as_ref().is_none_or(|(_, most)| share > *most + ALIKE)
        {
            worst = Some((row.at(at[0]).to_owned(), share));
        }
        Ok(())
    });
    read.ok().and(worst)
}

fn compared(ledger: &Ledger, summary: &Value) -> Vec<Rule> {
    if known_rules(ledger, summary).is_empty() {
        return Vec::new();
    }
    let names = [("do_nothing", "No new beds and no money moved")];
    let rules = RULES.into_iter().map(|(rule, head, _)| (rule, head));
    let name_of = |id: &Value| find(&summary["regions"], id.as_str().unwrap_or_default())["name"].clone();
    let mut told: Vec<Rule> = names
        .into_iter()
        .chain(rules)
        .filter_map(|(rule, name)| {
            let found = &summary["comparators"][rule];
            Some(Rule {
                name,
                unmet: grouped(found["unmet_beds"].as_f64()?, 1),
                worst: name_of(&found["worst_region"]).as_str().unwrap_or("–").to_owned(),
                share: found["worst_region_unmet_share"].as_f64().map_or_else(dash, percent),
                more: found["extra_unmet_beds"].as_f64().map_or_else(dash, |extra| grouped(extra, 1)),
            })
        })
        .collect();
    let (worst, share) =
        worst_region(ledger).map_or((dash(), dash()), |(name, share)| (name, percent(share)));
    told.push(Rule {
        name: "This plan",
        unmet: beds_or_dash(summary["unmet_beds"].as_f64()),
        worst,
        share,
        more: dash(),
    });
    told
}
