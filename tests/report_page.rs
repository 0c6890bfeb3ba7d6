//! `report.html`: its figures against the result files, and the page itself in a real browser.
//!
//! The result is that of the tutorial with map outlines, and with names that try to be markup.

mod browser;
mod program;

use browser::Browser;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A name that runs a script wherever it is taken for markup, and ends a script wherever it is not escaped.
const HOSTILE: &str = "O'Brien \"&amp;\" </script><script>alert(1)</script><img src=x onerror=alert(2)>";

fn bedalloc(arguments: &[&str]) {
    program::bedalloc().args(arguments).assert().success();
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

/// A folder with the tutorial, its first site and first region renamed, and its results: `one`, and `two` with half
/// the beds.
fn home() -> &'static Path {
    static HOME: OnceLock<tempfile::TempDir> = OnceLock::new();
    let home = HOME.get_or_init(|| {
        let home = tempfile::tempdir().expect("a folder");
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let data = home.path().join("data");
        std::fs::create_dir_all(data.join("boundaries")).expect("a folder");
        for entry in std::fs::read_dir(root.join("data/tutorial")).expect("the tutorial") {
            let path = entry.expect("a file").path();
            std::fs::copy(&path, data.join(path.file_name().expect("a name"))).expect("a copy");
        }
        rename_first_site(&data.join("sites.csv"));
        std::fs::write(data.join("boundaries/regions.geojson"), outlines(&data).to_string()).expect("a file");
        let model = std::fs::read_to_string(root.join("models/tutorial.yaml")).expect("the tutorial");
        let model = model.replace("../data/tutorial", "data");
        std::fs::write(home.path().join("model.yaml"), model).expect("a file");
        let two = "extends: model.yaml\nname: \"Half the beds <b>\"\nnew_beds: {total: 10}\n";
        std::fs::write(home.path().join("two.yaml"), two).expect("a file");
        for (model, result) in [("model.yaml", "one"), ("two.yaml", "two")] {
            bedalloc(&["solve", text(&home.path().join(model)), "-o", text(&home.path().join(result))]);
        }
        home
    });
    home.path()
}

fn rename_first_site(sites: &Path) {
    let mut reader = csv::Reader::from_path(sites).expect("sites");
    let header = reader.headers().expect("a header").clone();
    let name = header.iter().position(|column| column == "name").expect("names");
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
    HOSTILE.clone_into(&mut rows[0][name]);
    let mut writer = csv::Writer::from_path(sites).expect("sites");
    writer.write_record(&header).expect("a header");
    for row in rows {
        writer.write_record(row).expect("a row");
    }
    writer.flush().expect("a file");
}

/// A square for each region, around the middle of its areas.
fn outlines(data: &Path) -> Value {
    let mut places: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for row in rows(&data.join("areas.csv")) {
        let number = |column: &str| row[column].parse::<f64>().expect("a number");
        places.entry(row["region"].clone()).or_default().push((number("longitude"), number("latitude")));
    }
    let features = places.into_iter().map(|(code, places)| {
        let middle = |of: fn(&(f64, f64)) -> f64| places.iter().map(of).sum::<f64>() / places.len() as f64;
        let (x, y) = (middle(|p| p.0), middle(|p| p.1));
        let ring =
            [(-0.3, -0.2), (0.3, -0.2), (0.3, 0.2), (-0.3, 0.2), (-0.3, -0.2)].map(|(e, n)| [x + e, y + n]);
        json!({"type": "Feature", "properties": {"code": code, "name": format!("{code} <i>")},
               "geometry": {"type": "Polygon", "coordinates": [ring]}})
    });
    json!({"type": "FeatureCollection", "features": features.collect::<Vec<_>>()})
}

type Row = BTreeMap<String, String>;

fn rows(path: &Path) -> Vec<Row> {
    let bytes = std::fs::read(path).expect("a table");
    let mut plain = Vec::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        std::io::Read::read_to_end(&mut flate2::read::MultiGzDecoder::new(&bytes[..]), &mut plain)
            .expect("gzip");
    } else {
        plain = bytes;
    }
    csv::Reader::from_reader(&plain[..]).deserialize().map(|row| row.expect("a row")).collect()
}

fn result(name: &str) -> Vec<Row> {
    rows(&home().join("one").join(name))
}

fn sum(rows: &[Row], column: &str) -> f64 {
    rows.iter().filter_map(|row| row[column].parse::<f64>().ok()).sum()
}

fn page() -> String {
    std::fs::read_to_string(home().join("one/report.html")).expect("the page")
}

/// The figures that the page's scripts draw from.
fn figures() -> Value {
    let page = page();
    let (_, rest) = page.split_once("id=\"figures\">").expect("figures");
    serde_json::from_str(rest.split_once("</script>").expect("their end").0).expect("JSON")
}

fn numbers(of: &Value) -> Vec<f64> {
    of.as_array().expect("a list").iter().map(|number| number.as_f64().unwrap_or(0.0)).collect()
}

fn close(what: &str, ours: f64, files: f64) {
    assert!(
        (ours - files).abs() <= 0.006 * (1.0 + files.abs() / 1000.0),
        "{what}: page {ours}, files {files}"
    );
}

#[test]
fn figures_of_sites_are_those_of_the_allocation() {
    let (figures, allocation) = (figures(), result("allocation.csv"));
    let sites = &figures["sites"];
    for (at, id) in sites["id"].as_array().expect("sites").iter().enumerate() {
        let of_site: Vec<Row> = allocation.iter().filter(|row| *id == *row["site"]).cloned().collect();
        for (ours, column) in [
            ("before", "beds_before"),
            ("new", "new"),
            ("after", "beds_after"),
            ("occupied", "occupied_beds"),
        ] {
            close(&format!("{id} {column}"), numbers(&sites[ours])[at], sum(&of_site, column));
        }
    }
    for (ours, column) in [("before", "beds_before"), ("new", "new"), ("after", "beds_after")] {
        let tolerance = 0.005 * allocation.len() as f64;
        let pools: f64 = numbers(&figures["pools"][ours]).iter().sum();
        assert!((pools - sum(&allocation, column)).abs() <= tolerance, "{column}");
    }
}

#[test]
fn figures_of_areas_and_of_what_they_add_up_to_are_those_of_the_areas() {
    let (figures, areas) = (figures(), result("areas.csv"));
    for (at, row) in areas.iter().enumerate() {
        assert_eq!(figures["areas"]["id"][at], *row["area"], "in the order of the file");
        for (ours, column) in [("need", "need_beds"), ("unmet", "unmet_beds"), ("released", "released_beds")]
        {
            close(column, numbers(&figures["areas"][ours])[at], row[column].parse().expect("a number"));
        }
    }
    for kind in ["regions", "commissioners", "councils"] {
        for (ours, column) in [("need", "need_beds"), ("unmet", "unmet_beds"), ("treated", "treated_beds")] {
            let all: f64 =
                figures[kind].as_array().expect("places").iter().filter_map(|p| p[ours].as_f64()).sum();
            close(&format!("{kind} {column}"), all, sum(&areas, column));
        }
    }
    let specialties = figures["specialties"].as_array().expect("specialties");
    let unmet: f64 = specialties.iter().flat_map(|specialty| numbers(&specialty["unmet"])).sum();
    close("unmet by specialty", unmet, sum(&result("unmet.csv.gz"), "unmet_beds"));
    let before = |specialty: &Value| numbers(&specialty["before"]).iter().sum::<f64>();
    let told = result("specialties.csv");
    for specialty in specialties {
        let of: Vec<Row> = told.iter().filter(|row| specialty["id"] == *row["specialty"]).cloned().collect();
        close("unmet before by specialty", before(specialty), sum(&of, "unmet_beds_before"));
    }
    let all = specialties.iter().map(before).sum();
    close("unmet before", all, sum(&result("regions.csv"), "unmet_beds_before"));
}

#[test]
fn figures_of_journeys_money_and_prices_are_those_of_their_files() {
    let figures = figures();
    let bars: f64 = figures["travel"]["bars"].as_array().expect("regions").iter().flat_map(numbers).sum();
    close("journeys", bars, sum(&result("flows.csv.gz"), "occupied_beds"));
    let money = result("social_care.csv");
    for (which, column) in [(0, "spend_before_gbp"), (1, "floor_gbp"), (2, "spend_after_gbp")] {
        let councils = figures["care"]["councils"].as_array().expect("councils");
        let services =
            councils.iter().flat_map(|council| council["spend"].as_array().expect("services").clone());
        let ours: f64 = services.filter_map(|service| service[which].as_f64()).sum();
        assert!((ours - sum(&money, column)).abs() <= money.len() as f64, "{column}, to the pound");
    }
    let prices = result("prices.csv");
    for level in figures["prices"].as_array().expect("levels") {
        for group in level["groups"].as_array().expect("groups") {
            let alike = prices.iter().filter(|row| {
                let price: f64 = row["shadow_price"].parse().expect("a price");
                let ours = group["price"].as_f64().expect("a price");
                level["level"] == *row["level"]
                    && group["kind"] == *row["constraint"]
                    && (price - ours).abs() <= 1e-5 * ours.abs() + 1e-9
            });
            assert!(alike.count() as u64 >= group["count"].as_u64().expect("a count"), "{group}");
        }
    }
}

#[test]
fn standards_on_the_page_are_those_of_the_explanation() {
    let output = program::bedalloc()
        .args(["explain", text(&home().join("one")), "--benchmarks", "--json"])
        .output()
        .expect("it runs");
    let all: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let told = program::bedalloc()
        .args(["explain", text(&home().join("one")), "--benchmarks"])
        .output()
        .expect("it runs");
    let told = String::from_utf8(told.stdout).expect("text");
    let places = figures()["standards"]["places"].as_array().expect("places").clone();
    assert_eq!(places.len(), all.as_array().expect("benchmarks").len());
    for (ours, benchmark) in places.iter().zip(all.as_array().expect("benchmarks")) {
        assert_eq!((&ours["id"], &ours["kind"]), (&benchmark["id"], &benchmark["kind"]));
        let line =
            told.lines().find(|line| line.starts_with(&format!("{} ", ours["id"].as_str().expect("an id"))));
        let line = line.unwrap_or_else(|| panic!("{ours} in {told}"));
        for value in ours["values"].as_array().expect("values") {
            assert!(line.contains(value.as_str().expect("text")), "{value} in {line}");
        }
        for (side, standard) in ours["sides"]
            .as_array()
            .expect("sides")
            .iter()
            .zip(benchmark["standards"].as_array().expect("five"))
        {
            assert_eq!(*side, standard["different"]);
        }
    }
}

/// The first result with the value curves of its regions, and its page.
fn with_curves() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = home().join("curves");
        bedalloc(&["solve", text(&home().join("model.yaml")), "-o", text(&folder)]);
        bedalloc(&["negotiate", text(&folder), "--curves"]);
        bedalloc(&["report", text(&folder)]);
        folder
    })
}

#[test]
fn value_curves_stand_on_the_page_once_they_are_found_and_only_for_their_own_plan() {
    const COMMAND: &str = "bedalloc negotiate RESULT --curves";
    assert!(page().contains(COMMAND), "the page of a result without curves says how they are found");
    let page_of = |folder: &Path| std::fs::read_to_string(folder.join("report.html")).expect("the page");
    let found = page_of(with_curves());
    assert!(!found.contains(COMMAND));
    let (_, rest) = found.split_once("id=\"figures\">").expect("figures");
    let figures: Value =
        serde_json::from_str(rest.split_once("</script>").expect("their end").0).expect("JSON");
    let table = rows(&with_curves().join("value_curves.csv"));
    let mut told = 0;
    for curve in figures["curves"]["regions"].as_array().expect("curves") {
        let code = &figures["regions"][curve["region"].as_u64().expect("a position") as usize]["id"];
        let of: Vec<&Row> = table.iter().filter(|row| *code == *row["region"]).collect();
        for (ours, column) in [
            ("beds", "new_beds"),
            ("england", "england_unmet_beds"),
            ("worst", "worst_unmet_share"),
            ("least", "own_unmet_least_beds"),
            ("most", "own_unmet_most_beds"),
        ] {
            let ours = numbers(&curve[ours]);
            assert_eq!(ours.len(), of.len());
            for (ours, row) in ours.iter().zip(&of) {
                close(column, *ours, row[column].parse().expect("a number"));
            }
        }
        let plan = curve["plan"].as_u64().expect("the plan") as usize;
        assert_eq!(of[plan]["point"], "plan");
        told += of.len();
    }
    assert!(told == table.len() && told > 0, "{told} of {}", table.len());
    // The curves of one plan in the folder of another.
    std::fs::copy(with_curves().join("value_curves.csv"), home().join("two/value_curves.csv"))
        .expect("a copy");
    let other = home().join("other.html");
    bedalloc(&["report", text(&home().join("two")), "-o", text(&other)]);
    std::fs::remove_file(home().join("two/value_curves.csv")).expect("it was there");
    let other = std::fs::read_to_string(other).expect("a page");
    assert!(other.contains("found for another plan"), "curves of another plan are not shown");
    let Some(mut browser) = shown() else { return };
    browser.open(&with_curves().join("report.html"));
    assert_eq!(browser.run("document.querySelectorAll('#chart-curves svg').length"), json!(1));
    browser.run(
        "const s = document.getElementById('choose-what-they-change'); s.value = 'england'; s.dispatchEvent(new Event('change'))",
    );
    let label =
        browser.run("document.querySelector('#chart-curves [data-chart]').getAttribute('aria-label')");
    assert!(label.as_str().expect("text").contains("need unmet"), "{label}");
    assert_eq!(browser.faults(), Vec::<String>::new());
}

#[test]
fn the_answer_and_the_table_of_regions_say_what_the_files_say() {
    use bedalloc::domain::number::{grouped, percent};
    let page = page();
    for row in result("regions.csv") {
        let number = |column: &str| row[column].parse::<f64>().expect("a number");
        let start = page.find(&format!("data-place=\"region:{}\"", row["region"])).expect("the region's row");
        let line = page[start..].lines().next().expect("a row");
        for told in [
            grouped(number("need_beds"), 0),
            grouped(number("beds_before"), 0),
            grouped(number("new"), 1),
            grouped(number("unmet_beds"), 1),
            grouped(number("unmet_beds_before"), 1),
            percent(number("unmet_share")),
        ] {
            assert!(line.contains(&format!(">{told}</td>")), "{told} in {line}");
        }
    }
    let summary: Value =
        serde_json::from_slice(&std::fs::read(home().join("one/summary.json")).expect("a summary"))
            .expect("JSON");
    let answer =
        page.split_once("<p class=\"answer\">").expect("an answer").1.split_once("</p>").expect("its end").0;
    for pointer in ["/unmet_beds_before", "/unmet_beds"] {
        let told = grouped(summary.pointer(pointer).and_then(Value::as_f64).expect("a number"), 1);
        assert!(answer.contains(&told), "{told} in {answer}");
    }
    let manifest = std::fs::read_to_string(home().join("one/manifest.json")).expect("a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("JSON");
    for input in manifest["inputs"].as_array().expect("inputs") {
        assert!(page.contains(input["sha256"].as_str().expect("a sum")), "every input with its sum");
    }
}

#[test]
fn a_page_written_again_is_the_same_and_names_are_never_markup() {
    let again = home().join("again.html");
    bedalloc(&["report", text(&home().join("one")), "-o", text(&again)]);
    let again = std::fs::read_to_string(again).expect("a page");
    assert!(again == page(), "the page of `report` is that of `solve`");
    assert!(!again.contains("<img src=x"), "no name as markup");
    assert!(!again.contains("<script>alert"), "no name as script");
    assert!(!again.contains("src=\"http") && !again.contains("href=\"http") && !again.contains("@import"));
}

#[test]
fn what_cannot_be_read_is_said_and_leaves_an_older_page_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("report.html"), "old").expect("a file");
    let report = |arguments: &[&str]| {
        let output = program::bedalloc().arg("report").args(arguments).output().expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, words) = report(&[text(folder.path())]);
    assert_eq!(code, Some(2));
    assert!(words.contains("no result folder"), "{words}");
    assert_eq!(std::fs::read_to_string(folder.path().join("report.html")).expect("a file"), "old");
    let (code, words) =
        report(&[text(&home().join("one")), "-o", text(&folder.path().join("no/such/page.html"))]);
    assert_eq!(code, Some(2), "{words}");
}

/// A browser with the page of the first result, 1280 × 900; `None` where there is no browser.
fn shown() -> Option<Browser> {
    let program = browser::program()?;
    let mut browser = Browser::start(&program);
    browser.size(1280, 900);
    browser.open(&home().join("one/report.html"));
    Some(browser)
}

#[test]
fn the_page_loads_from_the_disk_without_a_fault_or_a_request_and_shows_what_it_should() {
    let Some(mut browser) = shown() else { return };
    assert_eq!(browser.faults(), Vec::<String>::new());
    assert_eq!(browser.run("performance.getEntriesByType('resource').length"), json!(0));
    assert_eq!(
        browser.run("document.querySelectorAll('main img').length"),
        json!(0),
        "no name became markup"
    );
    let drawn = "[...document.querySelectorAll('.chart-box:not([hidden]) [data-chart]')].filter(c => !c.querySelector('svg,canvas')).length";
    assert_eq!(browser.run(drawn), json!(0), "every chart is drawn");
    let charts = browser.run("document.querySelectorAll('.chart-box:not([hidden])').length");
    assert!(charts.as_u64() >= Some(7), "{charts} charts");
    // Behind every chart there is a table, and every chart has a text.
    let tables = browser.run(
        "Promise.all([...document.querySelectorAll('.chart-box:not([hidden]) details')].map(async d => { d.open = true; \
         await new Promise(r => setTimeout(r, 50)); return d.querySelectorAll('table tbody tr').length; }))",
    );
    assert!(tables.as_array().expect("counts").iter().all(|rows| rows.as_u64() > Some(0)), "{tables}");
    let texts = browser.run("[...document.querySelectorAll('.chart-box:not([hidden]) [data-chart]')].map(c => c.getAttribute('aria-label').length)");
    assert!(texts.as_array().expect("lengths").iter().all(|length| length.as_u64() > Some(40)), "{texts}");
    assert_eq!(browser.faults(), Vec::<String>::new());
}

#[test]
fn paper_has_the_explanations_written_out_and_no_list_that_opens() {
    const PRINTED: &str = "[...document.querySelectorAll('#why-paper > h3')].map(head => head.textContent)";
    let is_shown = |id: &str| format!("document.getElementById('{id}').checkVisibility()");
    let Some(mut browser) = shown() else { return };
    assert_eq!(browser.run(&is_shown("why-paper")), json!(false));
    browser.on_paper();
    browser.wait_for(&is_shown("why-paper"));
    browser.wait_for("document.getElementById('why-paper').children.length > 0");
    assert_eq!(browser.run(&is_shown("why-list")), json!(false));
    // Where nothing was narrowed down: the nation and its regions, each with what it got and why.
    let reasons = figures()["reasons"].as_array().expect("reasons").clone();
    let large: Vec<&Value> =
        reasons.iter().filter(|reason| reason["kind"] == "nation" || reason["kind"] == "region").collect();
    let names: Vec<&Value> = large.iter().map(|reason| &reason["name"]).collect();
    assert_eq!(browser.run(PRINTED), json!(names));
    let words = browser.run("document.getElementById('why-paper').textContent");
    for reason in large {
        for sentence in reason["got"].as_array().expect("sentences") {
            assert!(words.as_str().expect("text").contains(sentence.as_str().expect("text")), "{sentence}");
        }
    }
    // What the reader narrows down to is what is printed.
    browser.scheme("light");
    browser.wait_for("document.getElementById('why-paper').children.length === 0");
    browser.run("document.getElementById('why-find').focus()");
    browser.type_text("O'Brien");
    browser.on_paper();
    browser.wait_for("document.getElementById('why-paper').children.length > 0");
    let names = browser.run(PRINTED);
    let names = names.as_array().expect("names");
    assert!(!names.is_empty() && names.len() < reasons.len(), "{names:?}");
    assert!(names.contains(&json!(HOSTILE)), "{names:?}");
    assert_eq!(browser.faults(), Vec::<String>::new());
}

#[test]
fn a_table_of_standards_too_long_for_paper_says_so_there() {
    const TABLE: &str = "document.getElementById('standards-table').checkVisibility()";
    const WORD: &str = "document.querySelector('#standards .too-long').checkVisibility()";
    let Some(mut browser) = shown() else { return };
    assert_eq!((browser.run(TABLE), browser.run(WORD)), (json!(true), json!(false)), "on the screen");
    browser.on_paper();
    assert_eq!((browser.run(TABLE), browser.run(WORD)), (json!(true), json!(false)), "few places");
    browser.run("document.getElementById('standards').classList.add('too-long-for-paper')");
    assert_eq!((browser.run(TABLE), browser.run(WORD)), (json!(false), json!(true)), "many places");
}

#[test]
fn a_place_is_found_by_search_by_click_and_by_its_address() {
    let Some(mut browser) = shown() else { return };
    let name = "document.getElementById('place-name').textContent";
    browser.run("document.getElementById('find').focus()");
    browser.type_text("O'Brien");
    browser.wait_for("document.querySelectorAll('#found button').length > 0");
    browser.press("Enter");
    assert_eq!(browser.run(name), json!(HOSTILE), "the name as it is, as text");
    assert_eq!(browser.run("document.activeElement.id"), json!("place-name"), "the reader is taken there");
    assert!(browser.run("location.hash").as_str().expect("an address").starts_with("#place=site"));
    let told = browser.run("document.getElementById('place').textContent");
    for words in ["What it gets", "What binds", "Its beds by specialty"] {
        assert!(told.as_str().expect("text").contains(words), "{words}");
    }
    // A region of the table.
    browser.click("#regions [data-open]");
    let region = browser.run("document.querySelector('#regions [data-open]').textContent");
    assert_eq!(browser.run(name), region);
    // The map: a click somewhere on its shapes opens another page.
    browser.run("document.getElementById('place').replaceChildren()");
    let map = browser.run("(() => { const e = document.querySelector('#map-box [data-chart]'); e.scrollIntoView({block: 'center', behavior: 'instant'}); const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()");
    let of = |at: usize| map[at].as_f64().expect("a number");
    let mut opened = false;
    'search: for across in 1..12 {
        for down in 1..12 {
            browser
                .click_at(of(0) + of(2) * f64::from(across) / 12.0, of(1) + of(3) * f64::from(down) / 14.0);
            opened = browser.run("document.getElementById('place-name') !== null") == json!(true);
            if opened {
                break 'search;
            }
        }
    }
    assert!(opened, "a click on the map opens the page of a place");
    // Nothing goes by a wrong name, and the page says so.
    browser.run("document.getElementById('find').focus(); document.getElementById('find').value = ''");
    browser.type_text("no such place at all");
    browser.wait_for("document.getElementById('found-count').textContent.includes('Nothing')");
    assert_eq!(browser.faults(), Vec::<String>::new());
}

#[test]
fn the_keyboard_goes_through_the_page_in_its_order_and_sees_where_it_is() {
    let Some(mut browser) = shown() else { return };
    browser.run("window.before = null; window.stops = []");
    let mut stops = Vec::new();
    for _ in 0..60 {
        browser.press("Tab");
        let stop = browser.run(
            "(() => { const e = document.activeElement; if (e === document.body) return null; const b = window.before; window.before = e; \
             const s = getComputedStyle(e); return {what: e.id || e.textContent.slice(0, 30) || e.tagName, \
             after: !b || !!(b.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING), \
             seen: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2}; })()",
        );
        if stop.is_null() {
            break;
        }
        assert_eq!(stop["after"], json!(true), "{stop} comes after what was before it: {stops:?}");
        assert_eq!(stop["seen"], json!(true), "{stop} shows that it has the focus");
        stops.push(stop["what"].as_str().unwrap_or_default().to_owned());
    }
    assert_eq!(stops.first().map(String::as_str), Some("Skip to the answer"));
    for wanted in ["find", "choose-shade-by", "Zoom in"] {
        assert!(stops.iter().any(|stop| stop == wanted), "{wanted} can be reached: {stops:?}");
    }
}

#[test]
fn the_accessibility_checker_finds_no_serious_fault() {
    let Some(mut browser) = shown() else { return };
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vendor/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(axe).expect("axe-core");
    let comparison = home().join("side-by-side.html");
    bedalloc(&["report", text(&home().join("one")), text(&home().join("two")), "-o", text(&comparison)]);
    let pages = [home().join("one/report.html"), comparison];
    for (page, scheme, width) in [(0, "light", 1280), (0, "dark", 390), (1, "light", 1280), (1, "dark", 390)]
    {
        browser.scheme(scheme);
        browser.size(width, 900);
        browser.open(&pages[page]);
        browser.run("document.querySelectorAll('details').forEach(d => { d.open = true; })");
        browser.run(&axe);
        let found = browser.run(
            "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => \
             [v.impact, v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 160) + ' ' + (n.any[0] || {}).message)]))",
        );
        let grave = |fault: &&Value| fault[0] == "serious" || fault[0] == "critical";
        let grave: Vec<&Value> = found.as_array().expect("faults").iter().filter(grave).collect();
        assert!(grave.is_empty(), "{} {scheme} {width}: {grave:#?}", pages[page].display());
        let wider = "document.documentElement.scrollWidth > innerWidth + 1";
        assert_eq!(browser.run(wider), json!(false), "nothing is wider than a window of {width}");
    }
    assert_eq!(browser.faults(), Vec::<String>::new());
}

#[test]
fn results_side_by_side_show_both_and_their_difference() {
    let Some(program) = browser::program() else { return };
    let file: PathBuf = home().join("both.html");
    bedalloc(&["report", text(&home().join("one")), text(&home().join("two")), "-o", text(&file)]);
    let mut browser = Browser::start(&program);
    browser.size(1280, 900);
    browser.open(&file);
    let told = browser.run("document.body.textContent");
    let told = told.as_str().expect("text");
    assert!(
        told.contains("Half the beds <b>") && told.contains("new_beds.total"),
        "names and settings as text"
    );
    assert_eq!(browser.run("document.querySelectorAll('.chart-box:not([hidden]) svg').length"), json!(3));
    assert_eq!(browser.run("document.querySelectorAll('#compared-map canvas').length"), json!(1));
    // The map's table of sites tells the beds of both allocations and their difference.
    let told = browser.run(
        "(async () => { const d = document.querySelector('#compared-map details[data-table]'); d.open = true; \
         await new Promise(r => setTimeout(r, 50)); return [...d.querySelectorAll('tbody tr')].map(r => [...r.children].map(c => c.textContent)); })()",
    );
    let beds = |folder: &str, name: &str| {
        let of = rows(&home().join(folder).join("allocation.csv"));
        sum(&of.into_iter().filter(|row| row["name"] == name).collect::<Vec<_>>(), "beds_after")
    };
    let sites = told.as_array().expect("rows");
    assert!(sites.len() >= 2, "{told}");
    for site in sites {
        let cell = |at: usize| site[at].as_str().expect("text");
        let number = |at: usize| cell(at).replace(',', "").parse::<f64>().expect("a number");
        let (one, two) = (beds("one", cell(0)), beds("two", cell(0)));
        assert!((number(3) - one).abs() < 0.051 && (number(4) - two).abs() < 0.051, "{site}: {one}, {two}");
        assert!((number(5) - (two - one)).abs() < 0.051, "{site}: {}", two - one);
    }
    assert_eq!(browser.faults(), Vec::<String>::new());
    // Of three results any two figures stand against each other.
    bedalloc(&[
        "report",
        text(&home().join("one")),
        text(&home().join("two")),
        text(&home().join("one")),
        "-o",
        text(&file),
    ]);
    browser.open(&file);
    assert_eq!(browser.run("document.querySelectorAll('#chart-compare-trade svg').length"), json!(1));
    assert_eq!(browser.faults(), Vec::<String>::new());
}

#[test]
fn standards_are_found_by_what_differs_and_stand_on_a_places_own_page() {
    let Some(mut browser) = shown() else { return };
    let rows = "document.querySelectorAll('#standards-table tbody tr').length";
    let places = figures()["standards"]["places"].as_array().expect("places").clone();
    assert_eq!(browser.run(rows), json!(places.len() + 1), "every place, and the standard itself");
    browser.run("document.getElementById('standards-find').focus()");
    browser.type_text("no such place at all");
    browser.wait_for("document.querySelectorAll('#standards-table tbody tr').length === 1");
    browser.run("{ const i = document.getElementById('standards-find'); i.value = ''; i.dispatchEvent(new Event('input')); }");
    browser.click("#standards-table [data-open]");
    let told = browser.run("document.getElementById('place').textContent");
    let told = told.as_str().expect("text");
    assert!(told.contains("Against national standards") && told.contains("Beds occupied today"), "{told}");
    assert_eq!(browser.faults(), Vec::<String>::new());
}
