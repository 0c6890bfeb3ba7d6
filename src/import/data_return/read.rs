//! Reads a form that came back: everything that is wrong with it at once, or what was filled in.

use super::cells::{Book, Cells, marks};
use super::fault::{CellFault, ReturnError};
use super::layout::{
    BED_HEADS, BEDS, COMMUNITY, COMMUNITY_HEADS, FIRST, FORM, HEADS, VERSION, bed, community, pools, sites,
};
use super::rows::{Sheet, hint};
use super::{DataReturn, Origin, ReturnedBeds, ReturnedCommunity, Who};
use crate::domain::ids::SiteId;
use crate::domain::place::Place;
use crate::domain::system::{CareSystem, SiteKind};
use crate::domain::{SiteIx, SpecialtyIx, TrustIx};
use std::collections::{BTreeMap, BTreeSet};

/// What a form says of itself, which tells what model to read it with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marked {
    kind: String,
    code: String,
    /// What it was made from.
    pub origin: Origin,
}

/// A workbook that is one of ours.
pub struct Form {
    file: String,
    book: Book,
    /// What it says of itself.
    pub marked: Marked,
}

/// Opens a form. `file` is its name, for messages.
///
/// # Errors
/// When it is no workbook, or not one of ours.
pub fn open(file: &str, bytes: Vec<u8>) -> Result<Form, ReturnError> {
    let no_workbook = |cause| ReturnError::NoWorkbook { file: file.to_owned(), cause };
    let no_form = |cause: String| ReturnError::NoForm { file: file.to_owned(), cause };
    let mut book = Book::open(bytes).map_err(no_workbook)?;
    let cells = book.cells(FORM).map_err(no_workbook)?;
    let marks =
        cells.as_ref().and_then(marks).ok_or_else(|| no_form(format!("it has no sheet `{FORM}` of ours")))?;
    let text = |key: &str| marks.get(key).cloned().unwrap_or_default();
    if text("version") != VERSION {
        return Err(no_form(format!(
            "its layout is version `{}`, and this program reads {VERSION}",
            text("version")
        )));
    }
    let origin = Origin { model: text("model"), beds_sha256: text("beds_sha256") };
    let marked = Marked { kind: text("kind"), code: text("code"), origin };
    Ok(Form { file: file.to_owned(), book, marked })
}

/// Reads what was filled in, against the model that it is for. O(cells).
///
/// # Errors
/// All faults at once, by sheet and cell.
pub fn read(mut form: Form, system: &CareSystem) -> Result<DataReturn, ReturnError> {
    let Marked { kind, code, origin } = form.marked.clone();
    let file = form.file.clone();
    let who =
        Who::find(system, &kind, &code).ok_or(ReturnError::Stranger { file: file.clone(), kind, code })?;
    let mut sheet = |name: &str| {
        let cells =
            form.book.cells(name).map_err(|cause| ReturnError::NoWorkbook { file: file.clone(), cause })?;
        cells.ok_or_else(|| ReturnError::NoForm {
            file: file.clone(),
            cause: format!("it has no sheet `{name}`"),
        })
    };
    let (bed_cells, community_cells) = (sheet(BEDS)?, sheet(COMMUNITY)?);
    let (beds, left_blank, mut faults) = read_beds(system, who, &bed_cells);
    let (community, more) = read_community(system, who, &community_cells);
    faults.extend(more);
    if faults.is_empty() && beds.is_empty() && community.is_empty() {
        faults.push(CellFault {
            sheet: BEDS.to_owned(),
            cell: None,
            cause: "nothing is filled in, here or on the sheet Community".to_owned(),
            cure: "fill in the yellow cells, and save the workbook".to_owned(),
        });
    }
    if !faults.is_empty() {
        return Err(ReturnError::Cells(faults));
    }
    Ok(DataReturn { who, origin, beds, left_blank, community })
}

fn read_beds(system: &CareSystem, who: Who, cells: &Cells) -> (Vec<ReturnedBeds>, usize, Vec<CellFault>) {
    let mut sheet = Sheet::new(BEDS, cells);
    let (mut found, mut left_blank) = (Vec::new(), 0);
    if !sheet.check_heads(HEADS, &BED_HEADS) {
        return (found, left_blank, sheet.faults);
    }
    let mut seen: BTreeMap<(SiteIx, SpecialtyIx), u32> = BTreeMap::new();
    for row in FIRST..=cells.last_row() {
        if !cells.any(row, &[bed::SITE, bed::SPECIALTY, bed::AVAILABLE, bed::OCCUPIED, bed::BASIS]) {
            continue;
        }
        let pool = pool(system, who, &mut sheet, row);
        let stock = sheet.beds(row, (bed::AVAILABLE, bed::OCCUPIED));
        let basis = sheet.basis(row, bed::BASIS);
        let Some((site, specialty)) = pool else { continue };
        if let Some(first) = seen.insert((site, specialty), row) {
            let cause =
                format!("a second row for the same site and specialty: the first is row {}", first + 1);
            sheet.fault(row, bed::SITE, cause, "keep one of the two");
        }
        match stock {
            Some((available, occupied)) => {
                found.push(ReturnedBeds { site, specialty, available, occupied, basis });
            }
            None => left_blank += usize::from(!cells.any(row, &[bed::AVAILABLE, bed::OCCUPIED])),
        }
    }
    if sheet.faults.is_empty() {
        check_whole(system, who, &seen, &mut sheet);
        check_sites_keep_beds(system, &found, &seen, &mut sheet);
    }
    (found, left_blank, sheet.faults)
}

/// The site and specialty of a row.
fn pool(system: &CareSystem, who: Who, sheet: &mut Sheet, row: u32) -> Option<(SiteIx, SpecialtyIx)> {
    let (site, specialty) = (sheet.code(row, bed::SITE), sheet.code(row, bed::SPECIALTY));
    let site = match &site {
        None => {
            sheet.fault(
                row,
                bed::SITE,
                "the code of the site is missing",
                "put it back as it was in the form",
            );
            None
        }
        Some(code) => match system.sites.find(code.as_str()) {
            Some(site) if who.has(system, site) && system.sites[site].kind == SiteKind::Acute => Some(site),
            Some(_) => {
                let cause = format!("site `{code}` is none of the acute sites of {}", who.name(system));
                sheet.fault(row, bed::SITE, cause, "put the code back as it was in the form");
                None
            }
            None => {
                let theirs = sites(system, who, SiteKind::Acute);
                let known = theirs.iter().map(|&site| system.sites.id(site).as_str());
                let cure = hint(code, known, "put the code back as it was in the form");
                sheet.fault(row, bed::SITE, format!("unknown site `{code}`"), cure);
                None
            }
        },
    };
    let specialty = match &specialty {
        None => {
            sheet.fault(
                row,
                bed::SPECIALTY,
                "the code of the specialty is missing",
                "put it back as it was in the form",
            );
            None
        }
        Some(code) => {
            let found = system.specialties.find(code.as_str());
            if found.is_none() {
                let known = system.specialties.ids().iter().map(|id| id.as_str());
                let cure = hint(code, known, "put the code back as it was in the form");
                sheet.fault(row, bed::SPECIALTY, format!("unknown specialty `{code}`"), cure);
            }
            found
        }
    };
    site.zip(specialty)
}

/// Rows that were taken out of the form are asked for: nobody can tell what they were to say.
fn check_whole(
    system: &CareSystem,
    who: Who,
    seen: &BTreeMap<(SiteIx, SpecialtyIx), u32>,
    sheet: &mut Sheet,
) {
    for (site, specialty) in pools(system, who) {
        if system.beds.contains_key(&(site, specialty)) && !seen.contains_key(&(site, specialty)) {
            let cause = format!(
                "the row of site `{}`, specialty `{}` is missing",
                system.sites.id(site),
                system.specialties.id(specialty)
            );
            sheet.whole(cause, "put it back; write 0 and 0 if there are no such beds");
        }
    }
}

/// A site without any bed is none: the model would refuse it, and here its cell can be named.
fn check_sites_keep_beds(
    system: &CareSystem,
    found: &[ReturnedBeds],
    seen: &BTreeMap<(SiteIx, SpecialtyIx), u32>,
    sheet: &mut Sheet,
) {
    let returned: BTreeMap<(SiteIx, SpecialtyIx), f64> =
        found.iter().map(|row| ((row.site, row.specialty), row.available.0)).collect();
    let touched: BTreeSet<SiteIx> = found.iter().map(|row| row.site).collect();
    for site in touched {
        let beds = |&(at, specialty): &(SiteIx, SpecialtyIx)| {
            let ours = system.beds.get(&(at, specialty)).map_or(0.0, |stock| stock.available.0);
            returned.get(&(at, specialty)).copied().unwrap_or(ours)
        };
        let left: f64 = seen.keys().filter(|(at, _)| *at == site).map(beds).sum();
        let first = seen.iter().filter(|((at, _), _)| *at == site).map(|(_, row)| *row).min();
        if let (true, Some(row)) = (left <= 0.0, first) {
            let cause = format!("site `{}` has no beds left in any specialty", system.sites.id(site));
            let cure = "fill in its beds; a site that has closed is taken out of the tables of sites instead";
            sheet.fault(row, bed::AVAILABLE, cause, cure);
        }
    }
}

fn read_community(system: &CareSystem, who: Who, cells: &Cells) -> (Vec<ReturnedCommunity>, Vec<CellFault>) {
    let mut sheet = Sheet::new(COMMUNITY, cells);
    let mut found: Vec<ReturnedCommunity> = Vec::new();
    if !sheet.check_heads(HEADS, &COMMUNITY_HEADS) {
        return (found, sheet.faults);
    }
    let known = sites(system, who, SiteKind::Community);
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for row in FIRST..=cells.last_row() {
        if !cells.any(row, &[0, 1, 2, 3, 4, 5, community::AVAILABLE, community::OCCUPIED, community::BASIS]) {
            continue;
        }
        let code = sheet.code(row, community::SITE);
        let site = code.as_ref().and_then(|code| system.sites.find(code.as_str()));
        let stock = sheet.beds(row, (community::AVAILABLE, community::OCCUPIED));
        let basis = sheet.basis(row, community::BASIS);
        let Some(code) = code else {
            let cure = "give the site a code that no other site has, or clear the row";
            sheet.fault(row, community::SITE, "the site has no code", cure);
            continue;
        };
        if let Some(first) = seen.insert(code.clone(), row) {
            let cause = format!("`{code}` is given twice, first in row {}", first + 1);
            sheet.fault(
                row,
                community::SITE,
                cause,
                "keep one of the rows, or give the other a code of its own",
            );
        }
        let place = if let Some(site) = site {
            if !known.contains(&site) {
                let cause = format!(
                    "`{code}` is the code of {}, which is no community site of theirs",
                    system.sites[site].name
                );
                sheet.fault(row, community::SITE, cause, "give the new site a code that no other site has");
                continue;
            }
            let (item, beds) = (&system.sites[site], system.community.get(&site));
            Some((item.name.clone(), item.trust, beds.and_then(|beds| beds.council), item.place))
        } else {
            new_site(system, who, &mut sheet, row, &code)
        };
        let blank = !cells.any(row, &[community::AVAILABLE, community::OCCUPIED]);
        if blank && site.is_none() {
            let cure = "fill in both, or clear the row";
            sheet.fault(row, community::AVAILABLE, "a new site without beds", cure);
        }
        if let (Some((name, trust, council, place)), Some((available, occupied))) = (place, stock) {
            found.push(ReturnedCommunity { code, name, trust, council, place, available, occupied, basis });
        }
    }
    (found, sheet.faults)
}

type NewSite = (String, TrustIx, Option<crate::domain::CouncilIx>, Place);

/// What a new community site must say of itself.
fn new_site(system: &CareSystem, who: Who, sheet: &mut Sheet, row: u32, code: &str) -> Option<NewSite> {
    let before = sheet.faults.len();
    if SiteId::new(code).is_none() || code.contains([',', '"']) {
        sheet.fault(row, community::SITE, format!("`{code}` cannot be a code"), "use letters and digits");
    }
    let name = sheet.code(row, community::NAME).unwrap_or_else(|| code.to_owned());
    let trust = sheet.code(row, community::TRUST);
    let trust = trust.as_ref().map(|code| (code, system.trusts.find(code.as_str())));
    let theirs =
        |trust| system.sites.indices().any(|site| system.sites[site].trust == trust && who.has(system, site));
    let trust = match trust {
        Some((_, Some(trust))) if theirs(trust) => Some(trust),
        None => {
            sheet.fault(row, community::TRUST, "the trust is missing", "choose its code from the list");
            None
        }
        Some((code, _)) => {
            let known =
                system.trusts.iter().filter(|(trust, ..)| theirs(*trust)).map(|(_, id, _)| id.as_str());
            let cure = hint(code, known, "choose a code from the list: they are on the sheet Codes");
            sheet.fault(row, community::TRUST, format!("`{code}` is no trust of this return"), cure);
            None
        }
    };
    let council = sheet.code(row, community::COUNCIL).and_then(|code| {
        let found = system.councils.find(code.as_str());
        if found.is_none() {
            let known = system.councils.ids().iter().map(|id| id.as_str());
            let cure = hint(&code, known, "choose a code from the list: they are on the sheet Codes");
            sheet.fault(row, community::COUNCIL, format!("unknown council `{code}`"), cure);
        }
        found
    });
    let mut degrees = |column, what: &str, limits| {
        if sheet.cells.at(row, column).is_none() {
            let cure = "write it in degrees: a right click on any map shows it";
            sheet.fault(row, column, format!("the {what} of a new site is missing"), cure);
        }
        sheet.number((row, column), what, limits)
    };
    let longitude = degrees(community::LONGITUDE, "longitude", (-9.0, 3.0));
    let latitude = degrees(community::LATITUDE, "latitude", (49.0, 61.0));
    let place = Place { longitude: longitude?, latitude: latitude? };
    (sheet.faults.len() == before).then_some((name, trust?, council, place))
}
