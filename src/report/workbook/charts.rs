//! Native charts under the tables that they draw. They read the cells, so they follow a filter.

use super::error::WorkbookError;
use super::grid::Grid;
use super::sheet::{FIRST, last_row};
use rust_xlsxwriter::{Chart, ChartLegendPosition, ChartSolidFill, Color, Worksheet};

/// Orange: today, before.
const BEFORE: Color = Color::RGB(0x00D9_8C3A);
/// Blue: the plan.
const PLAN: Color = Color::RGB(0x0021_5B8A);

/// Width of a chart, pixels.
const WIDTH: u32 = 780;

/// Columns side by side.
#[derive(Debug, Clone, Copy)]
struct Drawn<'a> {
    title: &'a str,
    unit: &'a str,
    /// Bars that lie, for names that are long or many.
    lying: bool,
    /// Columns of the file, each with its name in the legend and its colour.
    series: &'a [(&'a str, &'a str, Color)],
    /// What it shows, for those who cannot see it.
    alt: &'a str,
}

/// Draws what helps to read a sheet; most sheets have nothing to draw.
pub fn add(sheet: &mut Worksheet, grid: &Grid) -> Result<(), WorkbookError> {
    let unmet = Drawn {
        title: "Need left unmet",
        unit: "occupied beds",
        lying: false,
        series: &[("unmet_beds_before", "Before", BEFORE), ("unmet_beds", "In the plan", PLAN)],
        alt: "Columns: occupied beds of need left unmet by region, before and in the plan. The figures are in the table above.",
    };
    let new = Drawn {
        title: "New beds",
        unit: "beds",
        lying: false,
        series: &[("new", "New beds", PLAN)],
        alt: "Columns: new beds by region. The figures are in the table above.",
    };
    // Results of before unmet need was told by specialty have the plan's alone.
    let before = grid.position("unmet_beds_before").is_some();
    let by_specialty = Drawn {
        title: "Need left unmet by specialty",
        unit: "occupied beds",
        lying: true,
        series: if before { unmet.series } else { &unmet.series[1..] },
        alt: "Bars: occupied beds of need left unmet by specialty. The figures are in the table above.",
    };
    let drawn: &[Drawn] = match grid.name {
        "Regions" => &[unmet, new],
        "Specialties" => &[by_specialty],
        _ => &[],
    };
    let below = last_row(grid) + 2;
    for (at, drawn) in (0_u32..).zip(drawn) {
        if let Some(chart) = chart(grid, drawn) {
            sheet.insert_chart_with_offset(below, 0, &chart, at * (WIDTH + 20), 0)?;
        }
    }
    Ok(())
}

/// The chart; `None` where the sheet lacks a column.
fn chart(grid: &Grid, drawn: &Drawn) -> Option<Chart> {
    let mut chart = if drawn.lying { Chart::new_bar() } else { Chart::new_column() };
    let last = last_row(grid);
    for (source, name, colour) in drawn.series {
        let column = u16::try_from(grid.position(source)?).ok()?;
        chart
            .add_series()
            .set_name(*name)
            .set_categories((grid.name, FIRST, 1, last, 1))
            .set_values((grid.name, FIRST, column, last, column))
            .set_format(ChartSolidFill::new().set_color(*colour))
            .set_gap(60);
    }
    chart.title().set_name(&format!("{} ({})", drawn.title, drawn.unit));
    chart.y_axis().set_num_format("#,##0").set_name(drawn.unit);
    if drawn.series.len() > 1 {
        chart.legend().set_position(ChartLegendPosition::Bottom);
    } else {
        chart.legend().set_hidden();
    }
    if drawn.lying {
        // The first row of the table on top.
        chart.x_axis().set_reverse();
    }
    chart.set_width(WIDTH).set_height(if drawn.lying { 560 } else { 400 }).set_alt_text(drawn.alt);
    Some(chart)
}
