//! Writes the form: what can be filled in is yellow and open, the rest is protected.

use super::benchmarks::Benchmarks;
use super::layout::{
    BASES, BED_HEADS, BEDS, CODES, COMMUNITY, COMMUNITY_HEADS, FIRST, FORM, FORM_KEYS, HEADS, MARK,
    MOST_BEDS, NEW_ROWS, OVERFULL, SPARE, TOTALS, VERSION, bed, community, pools, sites,
};
use super::{Origin, Who};
use crate::domain::system::{BedStock, CareSystem, SiteKind};
use crate::domain::units::{Beds, OccupiedBeds};
use rust_xlsxwriter::utility::column_number_to_name;
use rust_xlsxwriter::{
    Color, ConditionalFormatFormula, DataValidation, DataValidationRule, DocProperties, ExcelDateTime,
    Format, FormatAlign, FormatBorder, Formula, ProtectionOptions, Workbook, Worksheet, XlsxError,
};

/// The formats of the form.
struct Styles {
    title: Format,
    note: Format,
    head: Format,
    fill_head: Format,
    total: Format,
    beds: Format,
    share: Format,
    wrapped: Format,
    open_number: Format,
    open_place: Format,
    open_text: Format,
}

impl Styles {
    fn new() -> Self {
        let dark = Color::RGB(0x0021_3B5A);
        let head = Format::new()
            .set_bold()
            .set_font_color(Color::White)
            .set_background_color(dark)
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::White);
        let open = Format::new()
            .set_unlocked()
            .set_background_color(Color::RGB(0x00FF_F7D6))
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0x00D9_C98A));
        Self {
            title: Format::new().set_bold().set_font_size(15).set_font_color(dark),
            note: Format::new().set_font_color(Color::RGB(0x0055_5555)),
            fill_head: head.clone().set_background_color(Color::RGB(0x008A_5A00)),
            head,
            total: Format::new()
                .set_bold()
                .set_num_format("#,##0.0")
                .set_background_color(Color::RGB(0x00E4_EDF6)),
            beds: Format::new().set_num_format("#,##0.0"),
            // Nothing in place of nought: there is none before the row is filled in.
            share: Format::new().set_num_format("0.0%;;"),
            wrapped: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            open_number: open.clone().set_num_format("#,##0.0"),
            open_place: open.clone().set_num_format("0.0000"),
            open_text: open,
        }
    }
}

/// The form for somebody, from the tables of a model. The same tables give the same bytes.
///
/// # Errors
/// When the form does not fit into a workbook.
pub fn form(system: &CareSystem, who: Who, origin: &Origin) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let date = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let title = format!("Data return: {}", who.name(system));
    book.set_properties(
        &DocProperties::new().set_title(&title).set_author("bedalloc").set_creation_datetime(&date),
    );
    let styles = Styles::new();
    read_me(book.add_worksheet(), system, who, &styles)?;
    beds(book.add_worksheet(), system, who, &styles)?;
    community_sheet(book.add_worksheet(), system, who, &styles)?;
    codes(book.add_worksheet(), system, who, &styles)?;
    marks(book.add_worksheet(), system, who, origin)?;
    book.save_to_buffer()
}

fn top(sheet: &mut Worksheet, title: &str, note: &str, styles: &Styles) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, title, &styles.title)?;
    sheet.write_string_with_format(1, 0, note, &styles.note)?;
    Ok(())
}

/// Locked but for the cells to fill in; columns may be widened and rows filtered.
fn protect(sheet: &mut Worksheet) {
    let options = ProtectionOptions {
        format_columns: true,
        format_rows: true,
        use_autofilter: true,
        sort: true,
        ..ProtectionOptions::default()
    };
    sheet.protect_with_options(&options);
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
}

fn read_me(sheet: &mut Worksheet, system: &CareSystem, who: Who, styles: &Styles) -> Result<(), XlsxError> {
    const WIDTH: f64 = 110.0;
    sheet.set_name("Read me")?;
    top(
        sheet,
        &format!("Data return: {}", who.name(system)),
        &format!("For the model “{}”.", system.name),
        styles,
    )?;
    sheet.set_column_width(0, 28)?.set_column_width(1, WIDTH)?;
    let step_down = if system.policy.step_down.is_some() {
        "This model plans with them."
    } else {
        "This model does not plan with step-down beds: they are kept with the tables for one that does."
    };
    let lines: [(&str, String); 9] = [
        ("What to fill in", "The yellow cells of the sheets Beds and Community. Everything else is protected.".to_owned()),
        ("A bed", "A general and acute bed, staffed and open overnight, on average over the quarter. Parts of a bed are allowed: 12.5.".to_owned()),
        ("Occupied", "The average number of those beds with a patient in them at midnight. Nights on which more beds were open than usual may lift it a little above the beds available, not by more than a fifth and one bed.".to_owned()),
        ("Left blank", "Where both cells of a row are blank, the figure of our tables stands. Write 0 and 0 where a site has no beds of a specialty.".to_owned()),
        ("Community sites", format!("Beds of community hospitals and intermediate care, which take patients who need no acute bed any more. {step_down} New sites go to the rows below: give each a code of its own and where it is. A place in degrees is found on any map by a right click.")),
        ("How it is known", "Choose “counted” or “estimated”. Estimates are counted and told with every result that uses them.".to_owned()),
        ("Beside each cell", "Our own figures, and England's: how full the beds of the specialty are, and what share of all beds it has. A red cell has more patients than beds; an orange one is fuller than the model allows in its plans, which is no fault.".to_owned()),
        ("Where our figures are from", "The tables of the model. Beds by site and specialty are seldom published; where they were derived, the README of the tables says how. Your figures replace them.".to_owned()),
        ("Sending it back", "Save it as an Excel workbook (.xlsx). Whoever runs the model reads it with `bedalloc import workbook FILE`, which tells every fault by sheet and cell.".to_owned()),
    ];
    for (row, (name, said)) in (3_u32..).zip(&lines) {
        sheet.write_string_with_format(row, 0, *name, &styles.wrapped.clone().set_bold())?;
        sheet.write_string_with_format(row, 1, said, &styles.wrapped)?;
        let lines = (said.chars().count() as f64 / WIDTH).ceil();
        sheet.set_row_height(row, 15.0 * lines)?;
    }
    protect(sheet);
    Ok(())
}

fn heads(
    sheet: &mut Worksheet,
    heads: &[&str],
    widths: &[f64],
    open: &[u16],
    styles: &Styles,
) -> Result<(), XlsxError> {
    for (at, (head, width)) in (0_u16..).zip(heads.iter().zip(widths)) {
        let format = if open.contains(&at) { &styles.fill_head } else { &styles.head };
        sheet.write_string_with_format(HEADS, at, *head, format)?;
        sheet.set_column_width(at, *width)?;
    }
    sheet.set_row_height(HEADS, 80)?;
    Ok(())
}

/// A sum over the rows that a filter leaves in sight, with what it comes to.
fn total(
    sheet: &mut Worksheet,
    column: u16,
    last: u32,
    value: f64,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let letters = column_number_to_name(column);
    let text = format!("=SUBTOTAL(109,{letters}{}:{letters}{})", FIRST + 1, last + 1);
    sheet.write_formula_with_format(
        TOTALS,
        column,
        Formula::new(text).set_result(value.to_string()),
        &styles.total,
    )?;
    Ok(())
}

fn beds(sheet: &mut Worksheet, system: &CareSystem, who: Who, styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_name(BEDS)?;
    let note = "Fill in the yellow cells: beds staffed and open overnight, and how many of them are occupied, on average. Both blank: our figures stand.";
    top(sheet, &format!("Acute beds: {}", who.name(system)), note, styles)?;
    let widths = [10.0, 34.0, 10.0, 30.0, 14.0, 14.0, 14.0, 14.0, 13.0, 12.0, 17.0, 15.0, 17.0];
    heads(sheet, &BED_HEADS, &widths, &[bed::AVAILABLE, bed::OCCUPIED, bed::BASIS], styles)?;
    let benchmarks = Benchmarks::of(system);
    let pools = pools(system, who);
    let last = FIRST + u32::try_from(pools.len().max(1) - 1).unwrap_or(0);
    let nothing = BedStock { available: Beds::ZERO, occupied: OccupiedBeds::ZERO };
    let mut sums = [0.0; 2];
    for (row, &(site, specialty)) in (FIRST..).zip(&pools) {
        let stock = system.beds.get(&(site, specialty)).copied().unwrap_or(nothing);
        sums[0] += stock.available.0;
        sums[1] += stock.occupied.0;
        sheet.write_string(row, bed::SITE, system.sites.id(site).as_str())?;
        sheet.write_string(row, 1, &system.sites[site].name)?;
        sheet.write_string(row, bed::SPECIALTY, system.specialties.id(specialty).as_str())?;
        sheet.write_string(row, 3, &system.specialties[specialty].name)?;
        sheet.write_number_with_format(row, 4, stock.available.0, &styles.beds)?;
        sheet.write_number_with_format(row, 5, stock.occupied.0, &styles.beds)?;
        sheet.write_blank(row, bed::AVAILABLE, &styles.open_number)?;
        sheet.write_blank(row, bed::OCCUPIED, &styles.open_number)?;
        sheet.write_blank(row, bed::BASIS, &styles.open_text)?;
        occupancy(sheet, row, bed::AVAILABLE, 9, styles)?;
        let cap = Some(system.policy.occupancy.cap_at(site, specialty));
        for (at, share) in
            [(10, benchmarks.occupancy(specialty)), (11, benchmarks.share_of_beds(specialty)), (12, cap)]
        {
            if let Some(share) = share {
                sheet.write_number_with_format(row, at, share.0, &styles.share)?;
            }
        }
    }
    sheet.write_string_with_format(TOTALS, 0, "Total of the rows shown", &styles.total)?;
    for (column, value) in [(4, sums[0]), (5, sums[1]), (bed::AVAILABLE, 0.0), (bed::OCCUPIED, 0.0)] {
        total(sheet, column, last, value, styles)?;
    }
    numbers(sheet, bed::AVAILABLE, last)?;
    basis(sheet, bed::BASIS, last)?;
    let (available, occupied) = (column_number_to_name(bed::AVAILABLE), column_number_to_name(bed::OCCUPIED));
    let line = FIRST + 1;
    let over = |limit: &str| {
        ConditionalFormatFormula::new().set_rule(format!("=AND(ISNUMBER({occupied}{line}),ISNUMBER({available}{line}),{occupied}{line}>{available}{line}{limit})").as_str())
    };
    let red = over("")
        .set_format(Format::new().set_background_color(Color::RGB(0x00F4_B6B0)))
        .set_stop_if_true(true);
    let orange =
        over(&format!("*M{line}")).set_format(Format::new().set_background_color(Color::RGB(0x00FF_D699)));
    sheet.add_conditional_format(FIRST, bed::OCCUPIED, last, bed::OCCUPIED, &red)?;
    sheet.add_conditional_format(FIRST, bed::OCCUPIED, last, bed::OCCUPIED, &orange)?;
    sheet.autofilter(HEADS, 0, last, 12)?;
    sheet.set_freeze_panes(FIRST, 4)?;
    protect(sheet);
    Ok(())
}

/// Occupied over available, as soon as both are filled in.
fn occupancy(
    sheet: &mut Worksheet,
    row: u32,
    available: u16,
    at: u16,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let (beds, full, line) =
        (column_number_to_name(available), column_number_to_name(available + 1), row + 1);
    let text = format!("=IF(AND(ISNUMBER({full}{line}),N({beds}{line})>0),{full}{line}/{beds}{line},\"\")");
    sheet.write_formula_with_format(row, at, Formula::new(text).set_result(""), &styles.share)?;
    Ok(())
}

/// What may be written into available and occupied beds, which stand side by side.
fn numbers(sheet: &mut Worksheet, available: u16, last: u32) -> Result<(), XlsxError> {
    let beds = DataValidation::new()
        .allow_decimal_number(DataValidationRule::Between(0.0, MOST_BEDS))
        .set_input_title("Available beds")?
        .set_input_message(
            "Staffed and open overnight, on average. Parts of a bed are allowed; 0 where there are none.",
        )?
        .set_error_title("Not a number of beds")?
        .set_error_message(format!(
            "Write a number of beds from 0 to {MOST_BEDS}, without words or units."
        ))?;
    sheet.add_data_validation(FIRST, available, last, available, &beds)?;
    let (letters, line) = (column_number_to_name(available), FIRST + 1);
    let full = column_number_to_name(available + 1);
    let rule = format!(
        "=AND(ISNUMBER({full}{line}),{full}{line}>=0,{full}{line}<=N({letters}{line})*{OVERFULL}+{SPARE})"
    );
    let occupied = DataValidation::new()
        .allow_custom(Formula::new(rule))
        .set_input_title("Occupied beds")?
        .set_input_message("Of these beds, how many have a patient in them at midnight, on average.")?
        .set_error_title("More patients than beds")?
        .set_error_message(
            "Write a number, at most a fifth and one bed above the beds available. Fill in these first.",
        )?;
    sheet.add_data_validation(FIRST, available + 1, last, available + 1, &occupied)?;
    Ok(())
}

fn basis(sheet: &mut Worksheet, column: u16, last: u32) -> Result<(), XlsxError> {
    let words = DataValidation::new()
        .allow_list_strings(&BASES)?
        .set_error_title("Choose from the list")?
        .set_error_message("“counted” or “estimated”, or blank.")?;
    sheet.add_data_validation(FIRST, column, last, column, &words)?;
    Ok(())
}

fn community_sheet(
    sheet: &mut Worksheet,
    system: &CareSystem,
    who: Who,
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name(COMMUNITY)?;
    let note = "Step-down beds at community sites. Sites that we know come first; new ones go to the yellow rows below them.";
    top(sheet, &format!("Community beds: {}", who.name(system)), note, styles)?;
    let widths = [12.0, 34.0, 14.0, 22.0, 12.0, 12.0, 14.0, 15.0, 15.0, 13.0, 12.0, 18.0];
    let open = [community::AVAILABLE, community::OCCUPIED, community::BASIS];
    heads(sheet, &COMMUNITY_HEADS, &widths, &open, styles)?;
    let known = sites(system, who, SiteKind::Community);
    let count = known.len() + NEW_ROWS;
    let last = FIRST + u32::try_from(count - 1).unwrap_or(0);
    let national = Benchmarks::of(system).step_down_per_100_000;
    let mut sum = 0.0;
    for (row, at) in (FIRST..).zip(0..count) {
        if let Some(&site) = known.get(at) {
            let (item, beds) = (&system.sites[site], system.community.get(&site));
            let available = beds.map_or(0.0, |beds| beds.available.0);
            sum += available;
            sheet.write_string(row, community::SITE, system.sites.id(site).as_str())?;
            sheet.write_string(row, community::NAME, &item.name)?;
            sheet.write_string(row, community::TRUST, system.trusts.id(item.trust).as_str())?;
            let council = beds.and_then(|beds| beds.council);
            sheet.write_string(
                row,
                community::COUNCIL,
                council.map_or("", |c| system.councils.id(c).as_str()),
            )?;
            sheet.write_number(row, community::LONGITUDE, item.place.longitude)?;
            sheet.write_number(row, community::LATITUDE, item.place.latitude)?;
            sheet.write_number_with_format(row, 6, available, &styles.beds)?;
        } else {
            for column in [community::SITE, community::NAME, community::TRUST, community::COUNCIL] {
                sheet.write_blank(row, column, &styles.open_text)?;
            }
            for column in [community::LONGITUDE, community::LATITUDE] {
                sheet.write_blank(row, column, &styles.open_place)?;
            }
        }
        sheet.write_blank(row, community::AVAILABLE, &styles.open_number)?;
        sheet.write_blank(row, community::OCCUPIED, &styles.open_number)?;
        sheet.write_blank(row, community::BASIS, &styles.open_text)?;
        occupancy(sheet, row, community::AVAILABLE, 10, styles)?;
        match national {
            Some(beds) => sheet.write_number_with_format(row, 11, beds, &styles.beds)?,
            None => sheet.write_string(row, 11, "not in our tables")?,
        };
    }
    sheet.write_string_with_format(TOTALS, 0, "Total of the rows shown", &styles.total)?;
    for (column, value) in [(6, sum), (community::AVAILABLE, 0.0), (community::OCCUPIED, 0.0)] {
        total(sheet, column, last, value, styles)?;
    }
    numbers(sheet, community::AVAILABLE, last)?;
    basis(sheet, community::BASIS, last)?;
    chosen(sheet, community::TRUST, last, "A", trusts(system, who).len())?;
    chosen(sheet, community::COUNCIL, last, "D", system.councils.len())?;
    for (column, least, most) in [(community::LONGITUDE, -9.0, 3.0), (community::LATITUDE, 49.0, 61.0)] {
        let degrees = DataValidation::new()
            .allow_decimal_number(DataValidationRule::Between(least, most))
            .set_error_title("Not in Great Britain")?
            .set_error_message("Longitude is -9 to 3, latitude 49 to 61, in degrees with a decimal point.")?;
        sheet.add_data_validation(FIRST, column, last, column, &degrees)?;
    }
    sheet.set_freeze_panes(FIRST, 2)?;
    protect(sheet);
    Ok(())
}

/// A choice of the codes in a column of [`CODES`].
fn chosen(
    sheet: &mut Worksheet,
    column: u16,
    last: u32,
    letters: &str,
    count: usize,
) -> Result<(), XlsxError> {
    if count == 0 {
        return Ok(());
    }
    let codes =
        Formula::new(format!("={CODES}!${letters}${}:${letters}${}", FIRST + 1, FIRST as usize + count));
    let list = DataValidation::new()
        .allow_list_formula(codes)
        .set_error_title("Choose a code")?
        .set_error_message("The codes with their names are on the sheet Codes.")?;
    sheet.add_data_validation(FIRST, column, last, column, &list)?;
    Ok(())
}

/// Trusts that can run a community site of theirs: code and name.
fn trusts(system: &CareSystem, who: Who) -> Vec<(&str, &str)> {
    let theirs =
        |trust| system.sites.indices().any(|site| system.sites[site].trust == trust && who.has(system, site));
    let trusts = system.trusts.iter().filter(|(trust, ..)| theirs(*trust));
    trusts.map(|(_, id, item)| (id.as_str(), item.name.as_str())).collect()
}

fn codes(sheet: &mut Worksheet, system: &CareSystem, who: Who, styles: &Styles) -> Result<(), XlsxError> {
    sheet.set_name(CODES)?;
    top(
        sheet,
        "Codes to choose from",
        "Of trusts and of councils with responsibility for social care.",
        styles,
    )?;
    heads(sheet, &["Trust", "Name", "", "Council", "Name"], &[12.0, 52.0, 4.0, 14.0, 40.0], &[], styles)?;
    for (row, (code, name)) in (FIRST..).zip(trusts(system, who)) {
        sheet.write_string(row, 0, code)?;
        sheet.write_string(row, 1, name)?;
    }
    for (row, (_, id, council)) in (FIRST..).zip(system.councils.iter()) {
        sheet.write_string(row, 3, id.as_str())?;
        sheet.write_string(row, 4, &council.name)?;
    }
    sheet.set_freeze_panes(FIRST, 0)?;
    protect(sheet);
    Ok(())
}

/// What the form is, for whoever reads it again.
fn marks(sheet: &mut Worksheet, system: &CareSystem, who: Who, origin: &Origin) -> Result<(), XlsxError> {
    sheet.set_name(FORM)?.set_hidden(true);
    let (kind, code) = who.key(system);
    sheet.write_string(0, 0, MARK)?;
    let values = [VERSION, kind, code, &system.name, &origin.model, &origin.beds_sha256];
    for (row, (key, value)) in (1_u32..).zip(FORM_KEYS.iter().zip(values)) {
        sheet.write_string(row, 0, *key)?;
        sheet.write_string(row, 1, value)?;
    }
    sheet.protect();
    Ok(())
}
