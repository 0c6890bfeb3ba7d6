//! Workbooks as tests handle them: read by a reader of another maker, filled in cell by cell, recalculated by LibreOffice.
#![allow(dead_code)] // each test binary uses its own share

use calamine::{Data, Range, Reader, Xlsx};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use std::process::Command;

/// Names that LibreOffice goes by.
const NAMES: [&str; 2] = ["soffice", "libreoffice"];

/// What a test writes into a cell.
#[derive(Debug, Clone, Copy)]
pub enum Fill<'a> {
    Number(f64),
    Text(&'a str),
    /// An error, as a formula leaves it.
    Error(&'a str),
    /// Nothing, whatever was there.
    Blank,
}

/// Every sheet by name.
pub fn sheets(bytes: &[u8]) -> BTreeMap<String, Range<Data>> {
    let mut book = Xlsx::new(Cursor::new(bytes.to_vec())).expect("a workbook");
    let names = book.sheet_names();
    names
        .into_iter()
        .map(|name| {
            let range = book.worksheet_range(&name).expect("a sheet");
            (name, range)
        })
        .collect()
}

/// What a cell holds, rows and columns from 0.
pub fn at(sheet: &Range<Data>, row: u32, column: u32) -> Data {
    sheet.get_value((row, column)).cloned().unwrap_or_default()
}

/// The number in a cell.
pub fn number(sheet: &Range<Data>, row: u32, column: u32) -> Option<f64> {
    match at(sheet, row, column) {
        Data::Float(number) => Some(number),
        Data::Int(number) => Some(number as f64),
        _ => None,
    }
}

/// The text in a cell.
pub fn text(sheet: &Range<Data>, row: u32, column: u32) -> String {
    match at(sheet, row, column) {
        Data::String(text) => text,
        Data::Empty => String::new(),
        other => other.to_string(),
    }
}

/// The column under a heading.
pub fn column(sheet: &Range<Data>, heads: u32, head: &str) -> Option<u32> {
    let last = sheet.end().map_or(0, |(_, column)| column);
    (0..=last).find(|&column| text(sheet, heads, column) == head)
}

/// A workbook with the parts of its zip changed by name.
pub fn changed(bytes: &[u8], mut change: impl FnMut(&str, String) -> String) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for position in 0..zip.len() {
        let mut part = zip.by_index(position).expect("a part");
        let name = part.name().expect("a name").into_owned();
        let mut held = Vec::new();
        part.read_to_end(&mut held).expect("a part");
        let held = match String::from_utf8(held) {
            Ok(text) => change(&name, text).into_bytes(),
            Err(binary) => binary.into_bytes(),
        };
        out.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        out.write_all(&held).expect("memory");
    }
    out.finish().expect("a zip").into_inner()
}

/// The workbook with cells filled in; `sheet` is its position, from 1. The cells must be there, as those of a form are.
pub fn filled(bytes: &[u8], sheet: usize, cells: &[(&str, Fill)]) -> Vec<u8> {
    let wanted = format!("xl/worksheets/sheet{sheet}.xml");
    changed(bytes, |name, text| if name == wanted { fill(text, cells) } else { text })
}

fn fill(mut text: String, cells: &[(&str, Fill)]) -> String {
    for (cell, fill) in cells {
        let opening = format!("<c r=\"{cell}\"");
        let start = text.find(&opening).unwrap_or_else(|| panic!("the form has a cell {cell}"));
        let rest = &text[start..];
        let (self_closed, whole) = (rest.find("/>"), rest.find("</c>"));
        let end = match (self_closed, whole) {
            (Some(short), Some(long)) if rest[..short].contains('>') => long + 4,
            (Some(short), _) => short + 2,
            (None, Some(long)) => long + 4,
            (None, None) => panic!("the cell {cell} ends"),
        };
        let style = rest[..end].split("s=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or("0");
        let open = format!("{opening} s=\"{style}\"");
        let new = match fill {
            Fill::Number(number) => format!("{open}><v>{number}</v></c>"),
            Fill::Text(words) => format!("{open} t=\"inlineStr\"><is><t>{words}</t></is></c>"),
            Fill::Error(error) => format!("{open} t=\"e\"><v>{error}</v></c>"),
            Fill::Blank => format!("{open}/>"),
        };
        text.replace_range(start..start + end, &new);
    }
    text
}

/// The workbook without what its formulas came to.
pub fn without_results(bytes: &[u8]) -> Vec<u8> {
    changed(bytes, |name, text| {
        if !name.starts_with("xl/worksheets/sheet") {
            return text;
        }
        let mut left = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = rest.find("</f><v>") {
            let (before, after) = rest.split_at(at + "</f>".len());
            left.push_str(before);
            rest = after.split_once("</v>").map_or("", |(_, after)| after);
        }
        left + rest
    })
}

/// LibreOffice's program. Without one the tests are skipped with a word about it; never in CI.
pub fn office() -> Option<&'static str> {
    let runs = |name: &&str| {
        Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
    };
    let found = NAMES.into_iter().find(runs);
    if found.is_none() {
        let message = "no LibreOffice: the workbook is not recalculated by it. Install libreoffice-calc (`make set-up-tests`)";
        assert!(std::env::var_os("CI").is_none(), "{message}");
        eprintln!("SKIPPED: {message}");
    }
    found
}

/// The workbook as LibreOffice saves it after calculating everything anew.
pub fn recalculated(office: &str, bytes: &[u8]) -> Vec<u8> {
    let home = tempfile::tempdir().expect("a folder");
    let profile = home.path().join("profile");
    std::fs::create_dir_all(profile.join("user")).expect("a folder");
    let always = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<oor:items xmlns:oor=\"http://openoffice.org/2001/registry\">\
                  <item oor:path=\"/org.openoffice.Office.Calc/Formula/Load\"><prop oor:name=\"OOXMLRecalcMode\" oor:op=\"fuse\">\
                  <value>0</value></prop></item></oor:items>";
    std::fs::write(profile.join("user/registrymodifications.xcu"), always).expect("a file");
    let book = home.path().join("book.xlsx");
    std::fs::write(&book, bytes).expect("a file");
    let out = home.path().join("out");
    let output = Command::new(office)
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--convert-to", "xlsx", "--outdir"])
        .args([out.as_path(), book.as_path()] as [&Path; 2])
        .output()
        .expect("LibreOffice runs");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    std::fs::read(out.join("book.xlsx"))
        .unwrap_or_else(|fault| panic!("nothing was written: {fault}; {words}"))
}
