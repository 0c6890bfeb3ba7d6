//! What was returned as tables of the model's own, and a model that extends the one that the form was made from.
//!
//! The tables are those of the base, row by row, with the returned figures in place of the old ones: a comparison of
//! the two files shows what the return changed, and nothing else.

use super::layout::nearest_site;
use super::{DataReturn, ReturnedCommunity};
use crate::domain::index::Ix;
use crate::domain::system::CareSystem;
use crate::domain::units::Beds;
use crate::domain::{SiteIx, SpecialtyIx};
use crate::import::ImportError;
use crate::import::tables::{Column, RawTable, decimals};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The folder of tables in an overlay.
pub const TABLES: &str = "tables";
/// The name of the model in an overlay.
pub const MODEL: &str = "model.yaml";

/// The base of an overlay: the model that the return is laid over.
#[derive(Debug, Clone)]
pub struct Base<'a> {
    /// Its care system.
    pub system: &'a CareSystem,
    /// Its table of beds.
    pub beds: PathBuf,
    /// Its table of sites.
    pub sites: PathBuf,
    /// Its own folder of tables, which the overlay takes the place of.
    pub own: Option<PathBuf>,
    /// The way to its model file from the folder of the overlay.
    pub model: String,
    /// Its notes, which a model that extends it would lose.
    pub notes: Vec<String>,
    /// Name and SHA-256 of the workbook.
    pub workbook: (String, String),
}

/// An overlay: files by their way from its folder, and what it changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlay {
    /// Every file.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// Beds of the sites returned, before and after.
    pub beds: (Beds, Beds),
    /// Step-down beds at community sites returned.
    pub community: Beds,
    /// Sites with a figure returned, new community sites included.
    pub sites: usize,
}

/// Makes the files. O(rows of the tables of beds and sites).
///
/// # Errors
/// When a table of the base cannot be read again.
pub fn overlay(given: &DataReturn, base: &Base) -> Result<Overlay, ImportError> {
    let system = base.system;
    let mut files = BTreeMap::new();
    if let Some(own) = &base.own {
        copy_own(own, &mut files)?;
    }
    let put = |files: &mut BTreeMap<PathBuf, Vec<u8>>, name: &str, bytes| {
        // A zipped copy of the same table would be a second one.
        files.remove(&Path::new(TABLES).join(format!("{name}.csv.gz")));
        files.insert(Path::new(TABLES).join(format!("{name}.csv")), bytes);
    };
    put(&mut files, "beds", beds_table(given, base)?);
    let new: Vec<&ReturnedCommunity> =
        given.community.iter().filter(|row| system.sites.find(row.code.as_str()).is_none()).collect();
    if !new.is_empty() {
        put(&mut files, "sites", sites_table(&new, base)?);
    }
    let touched: BTreeSet<SiteIx> = given.beds.iter().map(|row| row.site).collect();
    let before = touched.iter().map(|&site| system.site_beds(site)).sum::<Beds>();
    let change: f64 =
        given.beds.iter().map(|row| row.available.0 - ours(system, row.site, row.specialty)).sum();
    files.insert(PathBuf::from(MODEL), model(given, base).into_bytes());
    files.insert(PathBuf::from("README.md"), read_me(given, base, touched.len(), new.len()).into_bytes());
    Ok(Overlay {
        files,
        beds: (before, Beds(before.0 + change)),
        community: given.community.iter().map(|row| row.available).sum(),
        sites: touched.len() + given.community.len(),
    })
}

fn ours(system: &CareSystem, site: SiteIx, specialty: SpecialtyIx) -> f64 {
    system.beds.get(&(site, specialty)).map_or(0.0, |stock| stock.available.0)
}

/// The base's own tables, which its folder would otherwise hide.
fn copy_own(own: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<(), ImportError> {
    let entries = std::fs::read_dir(own).map_err(ImportError::reading(own))?;
    for entry in entries {
        let path = entry.map_err(ImportError::reading(own))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_file() && (name.ends_with(".csv") || name.ends_with(".csv.gz")) {
            let bytes = std::fs::read(&path).map_err(ImportError::reading(&path))?;
            files.insert(Path::new(TABLES).join(name), bytes);
        }
    }
    Ok(())
}

/// A number of beds as the tables have them.
fn beds_text(beds: f64) -> String {
    decimals(beds, 6)
}

fn csv_bytes(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("rows are as long as the header");
    }
    writer.into_inner().expect("memory takes any row")
}

/// Every row of a table as text, its header first.
fn all_rows(table: &RawTable) -> Result<Vec<Vec<String>>, ImportError> {
    let columns: Vec<Column> =
        table.header().iter().map(|name| table.column(name)).collect::<Result<_, _>>()?;
    let rows = table.rows().map(|row| columns.iter().map(|&column| row.text(column).to_owned()).collect());
    Ok(std::iter::once(table.header().to_vec()).chain(rows).collect())
}

fn at(header: &[String], name: &str) -> Option<usize> {
    header.iter().position(|column| column == name)
}

fn beds_table(given: &DataReturn, base: &Base) -> Result<Vec<u8>, ImportError> {
    let system = base.system;
    let table = RawTable::open(&base.beds)?;
    table.columns(["site", "specialty", "available_beds", "occupied_beds"])?;
    let mut rows = all_rows(&table)?;
    let header = rows[0].clone();
    let place = |name| at(&header, name).unwrap_or(0);
    let [site, specialty, available, occupied] =
        ["site", "specialty", "available_beds", "occupied_beds"].map(place);
    let mut left: BTreeMap<(String, String), (f64, f64)> = given
        .beds
        .iter()
        .map(|row| {
            let key =
                (system.sites.id(row.site).to_string(), system.specialties.id(row.specialty).to_string());
            (key, (row.available.0, row.occupied.0))
        })
        .collect();
    let returned: BTreeSet<&str> = given.community.iter().map(|row| row.code.as_str()).collect();
    // Community beds belong to no specialty: one row takes the place of all that a site had.
    rows.retain(|row| !returned.contains(row[site].as_str()));
    for row in rows.iter_mut().skip(1) {
        if let Some((beds, full)) = left.remove(&(row[site].clone(), row[specialty].clone())) {
            row[available] = beds_text(beds);
            row[occupied] = beds_text(full);
        }
    }
    let new = |site_code: &str, specialty_code: &str, beds: f64, full: f64| {
        let mut row = vec![String::new(); header.len()];
        site_code.clone_into(&mut row[site]);
        specialty_code.clone_into(&mut row[specialty]);
        row[available] = beds_text(beds);
        row[occupied] = beds_text(full);
        row
    };
    rows.extend(left.iter().map(|((site, specialty), &(beds, full))| new(site, specialty, beds, full)));
    rows.extend(given.community.iter().map(|row| new(&row.code, "", row.available.0, row.occupied.0)));
    // A specialty without a bed is one that the site does not offer.
    let offered = |row: &Vec<String>| row[available].parse() != Ok(0.0) || row[occupied].parse() != Ok(0.0);
    let header = rows.remove(0);
    let changed: BTreeSet<(String, String)> = given
        .beds
        .iter()
        .map(|row| (system.sites.id(row.site).to_string(), system.specialties.id(row.specialty).to_string()))
        .collect();
    rows.retain(|row| offered(row) || !changed.contains(&(row[site].clone(), row[specialty].clone())));
    rows.insert(0, header);
    Ok(csv_bytes(&rows))
}

fn sites_table(new: &[&ReturnedCommunity], base: &Base) -> Result<Vec<u8>, ImportError> {
    let system = base.system;
    let table = RawTable::open(&base.sites)?;
    let mut rows = all_rows(&table)?;
    if at(&rows[0], "council").is_none() {
        for (position, row) in rows.iter_mut().enumerate() {
            row.push(if position == 0 { "council".to_owned() } else { String::new() });
        }
    }
    let header = rows[0].clone();
    for site in new {
        let mut row = vec![String::new(); header.len()];
        let mut put = |name: &str, text: &str| {
            if let Some(column) = at(&header, name) {
                text.clone_into(&mut row[column]);
            }
        };
        put("site", &site.code);
        put("name", &site.name);
        put("trust", system.trusts.id(site.trust).as_str());
        // It lies where the trust's nearest acute site lies.
        if let Some(near) = nearest_site(system, site.trust, site.place) {
            let near = &system.sites[near];
            put("commissioner", system.commissioners.id(near.commissioner).as_str());
            put("region", system.regions.id(near.region).as_str());
        }
        put("kind", "community");
        put("longitude", &decimals(site.place.longitude, 6));
        put("latitude", &decimals(site.place.latitude, 6));
        put("council", site.council.map_or("", |council| system.councils.id(council).as_str()));
        rows.push(row);
    }
    Ok(csv_bytes(&rows))
}

/// Text as YAML takes it, whatever it holds.
fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

/// One sentence on what the figures are.
fn provenance(given: &DataReturn, base: &Base) -> String {
    let estimates = match given.estimated() {
        0 => String::new(),
        1 => " 1 of them is said to be an estimate.".to_owned(),
        count => format!(" {count} of them are said to be estimates."),
    };
    format!(
        "{} rows of beds and {} community sites are those that {} returned; other beds are those of the tables.{estimates}",
        given.beds.len(),
        given.community.len(),
        given.who.name(base.system),
    )
}

fn model(given: &DataReturn, base: &Base) -> String {
    let (file, hash) = &base.workbook;
    let name = format!("{}, with the return of {}", base.system.name, given.who.name(base.system));
    let mut text = format!(
        "# Made from the data return {file} (SHA-256 {hash}).\nextends: {}\nname: {}\nown_tables: {TABLES}\nnotes:\n",
        quoted(&base.model),
        quoted(&name),
    );
    for note in base.notes.iter().chain([&provenance(given, base)]) {
        let _ = writeln!(text, "  - text: {}", quoted(note));
    }
    text
}

fn read_me(given: &DataReturn, base: &Base, sites: usize, new: usize) -> String {
    let (file, hash) = &base.workbook;
    let who = given.who.name(base.system);
    let mut text = format!(
        "# Data return: {who}\n\nMade by `bedalloc import workbook` from `{file}` (SHA-256 `{hash}`), over the model `{}`.\n\n\
         {}\n\n## Tables\n\n### beds.csv\n- Source: data return of {who}; the rows of all others as in the tables beneath\n\
         - Year: as returned\n- Licence: ask {who}\n- What was done: {} rows at {sites} sites replaced, {} rows left blank in the form kept.\n",
        base.model,
        provenance(given, base),
        given.beds.len(),
        given.left_blank,
    );
    if new > 0 {
        let _ = write!(
            text,
            "\n### sites.csv\n- Source: data return of {who}; all other sites as in the tables beneath\n- Year: as returned\n\
             - Licence: ask {who}\n- What was done: {new} community sites added. Each has the commissioner and the region of its \
             trust's nearest acute site.\n"
        );
    }
    text
}

/// Sums by specialty, for whoever wants to see what changed: code, beds before, beds after.
pub fn by_specialty(given: &DataReturn, system: &CareSystem) -> Vec<(String, Beds, Beds)> {
    let mut sums: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
    for row in &given.beds {
        let sum = sums.entry(row.specialty.get()).or_default();
        sum.0 += ours(system, row.site, row.specialty);
        sum.1 += row.available.0;
    }
    let named = |specialty: usize| system.specialties[SpecialtyIx::from_usize(specialty)].name.clone();
    sums.into_iter()
        .map(|(specialty, (before, after))| (named(specialty), Beds(before), Beds(after)))
        .collect()
}
