//! How cells look.

use super::grid::Kind;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, FormatUnderline};

/// Dark blue of headings.
pub const DARK: Color = Color::RGB(0x0021_3B5A);
/// Light blue behind totals.
const LIGHT: Color = Color::RGB(0x00E4_EDF6);
/// Grey of notes.
const GREY: Color = Color::RGB(0x0055_5555);

/// The formats of a workbook, made once.
#[derive(Debug)]
pub struct Styles {
    /// The title of a sheet.
    pub title: Format,
    /// A heading within a sheet.
    pub section: Format,
    /// A note under a title.
    pub note: Format,
    /// A link.
    pub link: Format,
    /// Text beside a number, with room between the two.
    pub text: Format,
    /// Text over several lines.
    pub wrapped: Format,
    /// Text of a computer: paths, hashes, the model.
    pub code: Format,
    /// The heading of a column.
    pub head: Format,
    /// Words in the row of totals.
    pub total_words: Format,
}

impl Default for Styles {
    fn default() -> Self {
        let top = Format::new().set_align(FormatAlign::Top);
        Self {
            title: Format::new().set_bold().set_font_size(15).set_font_color(DARK),
            section: Format::new().set_bold().set_font_size(12).set_font_color(DARK),
            note: Format::new().set_font_color(GREY),
            link: top.clone().set_font_color(Color::Blue).set_underline(FormatUnderline::Single),
            wrapped: top.clone().set_text_wrap(),
            text: Format::new().set_indent(1),
            code: Format::new().set_font_name("Consolas").set_font_size(9).set_align(FormatAlign::Top),
            head: Format::new()
                .set_bold()
                .set_font_color(Color::White)
                .set_background_color(DARK)
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::White),
            total_words: Format::new().set_bold().set_background_color(LIGHT),
        }
    }
}

impl Styles {
    /// A cell of a column.
    pub fn cell(kind: Kind) -> Format {
        kind.number_format()
            .map_or_else(|| Format::new().set_indent(1), |format| Format::new().set_num_format(format))
    }
    /// The height of a row, in points, that shows all of a text in a column so many characters wide. Readers of
    /// other makers than Excel's do not find it themselves.
    pub fn height(text: &str, width: f64) -> f64 {
        const LINE: f64 = 15.0;
        let lines = text.lines().map(|line| (line.chars().count() as f64 / (width * 1.05)).ceil().max(1.0));
        LINE * lines.sum::<f64>().max(1.0)
    }
    /// A total.
    pub fn total(kind: Kind) -> Format {
        Self::cell(kind).set_bold().set_background_color(LIGHT)
    }
}
