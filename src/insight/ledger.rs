//! Figures looked up: whatever an explanation says is read here, by where it comes from.

use super::benchmarks::{self, AllSums};
use super::error::InsightError;
use super::figure::{Figure, Shown, Source};
use super::files::{Files, Row, Rows, rows};
use super::use_today::{UseOfBeds, of_area};
use crate::domain::index::Grid;
use crate::domain::system::CareSystem;
use crate::domain::units::OccupiedBeds;
use crate::domain::{AreaIx, PeriodIx, SiteIx, SpecialtyIx};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Need by area and specialty.
pub type NeedGrid = Grid<AreaIx, SpecialtyIx, OccupiedBeds>;

/// A result folder with the care system it was made from.
#[derive(Debug)]
pub struct Ledger<'a> {
    /// The files of the result.
    pub files: Files,
    /// The care system.
    pub system: &'a CareSystem,
    /// Need that age and deprivation lead one to expect, where the data tell it.
    pub expected: Option<&'a NeedGrid>,
    /// The period that is told: the last in which beds are decided.
    pub period: PeriodIx,
    /// Beds used today by areas that were asked for.
    used: RefCell<BTreeMap<AreaIx, Rc<BedsUsed>>>,
    /// Sums that were asked for: those of the nation stand beside every place.
    sums: RefCell<BTreeMap<SumKey, f64>>,
    /// What benchmarks are made of, once a place is asked for.
    benchmarks: OnceCell<AllSums>,
}

/// File, rows, column, and the column to multiply by: what a sum is of.
type SumKey = (String, Rows, String, Option<String>);

type BedsUsed = BTreeMap<(SiteIx, SpecialtyIx), UseOfBeds>;

impl<'a> Ledger<'a> {
    /// A ledger of which nothing is read yet.
    pub fn new(
        files: Files,
        system: &'a CareSystem,
        expected: Option<&'a NeedGrid>,
        period: PeriodIx,
    ) -> Self {
        Self {
            files,
            system,
            expected,
            period,
            used: RefCell::default(),
            sums: RefCell::default(),
            benchmarks: OnceCell::new(),
        }
    }
    /// The sums that benchmarks are made of.
    pub fn benchmark_sums(&self) -> Result<&AllSums, InsightError> {
        if let Some(known) = self.benchmarks.get() {
            return Ok(known);
        }
        let found = benchmarks::sums(self)?;
        Ok(self.benchmarks.get_or_init(|| found))
    }
    /// The beds that an area uses today.
    pub fn used(&self, area: AreaIx) -> Rc<BedsUsed> {
        let find = || Rc::new(of_area(self.system, area));
        Rc::clone(self.used.borrow_mut().entry(area).or_insert_with(find))
    }
    /// The period's code.
    pub fn period_id(&self) -> &str {
        self.system.periods.id(self.period).as_str()
    }
    /// Rows of a result table in the period that is told.
    pub fn in_period(&self, of: Rows) -> Rows {
        let mut wanted = of;
        wanted.insert("period".to_owned(), self.period_id().to_owned());
        wanted
    }
    /// A cell of a result table in the period that is told.
    pub fn cell(&self, file: &str, row: Rows, column: &str) -> Source {
        Source::Cell { file: file.to_owned(), row: self.in_period(row), column: column.to_owned() }
    }
    /// A column of a result table added up in the period that is told.
    pub fn total(&self, file: &str, of: Rows, column: &str) -> Source {
        Source::Total {
            file: file.to_owned(),
            rows: self.in_period(of),
            column: column.to_owned(),
            times: None,
        }
    }
    /// A number of the summary.
    pub fn summary(at: &str) -> Source {
        Source::Json { file: "summary.json".to_owned(), at: at.to_owned() }
    }
    /// A figure and how it is shown.
    pub fn figure(&self, source: Source, shown: Shown) -> Result<Figure, InsightError> {
        let value = self.value(&source)?;
        Ok(Figure { text: shown.text(value), value, shown, source })
    }
    /// What a source says.
    pub fn value(&self, source: &Source) -> Result<f64, InsightError> {
        Ok(match source {
            Source::Cell { file, row, column } => self.read_cell(file, row, column)?,
            Source::Total { file, rows, column, times } => {
                let key = (file.clone(), rows.clone(), column.clone(), times.clone());
                self.sum(key, || self.total_of(file, rows, column, times.as_ref()))?
            }
            Source::Count { rows, price, beds } => self.count(rows, price, beds)?,
            Source::Json { file, at } => self.files.number(file, at)?.ok_or_else(|| {
                InsightError::malformed(&self.files.path(file), format!("there is no number at `{at}`"))
            })?,
            Source::Data { table, rows } => {
                let key = ((*table).to_owned(), rows.clone(), String::new(), None);
                self.sum(key, || Ok(self.data(table, rows)))?
            }
            Source::UseToday { area, site } => self.use_today(area, site),
            Source::BedsInUse { area, period, column, times } => {
                self.beds_in_use(area, period, column, times.as_deref())?
            }
            Source::Sum { of } => of.iter().map(|source| self.value(source)).sum::<Result<f64, _>>()?,
            Source::Less { of, less } => self.value(of)? - self.value(less)?,
            Source::Over { of, by } => self.value(of)? / self.value(by)?,
            Source::Times { of, factor } => self.value(of)? * factor,
            // Worked out from other figures, never looked up.
            Source::Part { .. } => f64::NAN,
        })
    }
    /// A sum, found once.
    fn sum(
        &self,
        key: SumKey,
        find: impl FnOnce() -> Result<f64, InsightError>,
    ) -> Result<f64, InsightError> {
        if let Some(known) = self.sums.borrow().get(&key) {
            return Ok(*known);
        }
        let found = find()?;
        self.sums.borrow_mut().insert(key, found);
        Ok(found)
    }
    fn total_of(
        &self,
        file: &str,
        of: &Rows,
        column: &str,
        times: Option<&String>,
    ) -> Result<f64, InsightError> {
        let table = self.files.table(file)?;
        let factor = |row: &Row| times.map_or(Ok(1.0), |times| row.number(times));
        let of_row = |row: &Row| Ok(row.maybe(column)?.unwrap_or(0.0) * factor(row)?);
        table.matching(of)?.iter().map(of_row).sum()
    }
    fn read_cell(&self, file: &str, wanted: &Rows, column: &str) -> Result<f64, InsightError> {
        let table = self.files.table(file)?;
        match table.matching(wanted)?.as_slice() {
            [row] => row.number(column),
            found => {
                let which = wanted.iter().map(|(c, v)| format!("{c} {v}")).collect::<Vec<_>>().join(", ");
                Err(table.fault(format!("{} rows for {which}, where there should be one", found.len())))
            }
        }
    }
    fn count(&self, wanted: &Rows, price: &str, beds: &Rows) -> Result<f64, InsightError> {
        let allocation = self.files.table("allocation.csv")?;
        let pools: BTreeSet<(&str, &str)> = allocation
            .matching(beds)?
            .into_iter()
            .map(|row| Ok((row.text("site")?, row.text("specialty")?)))
            .collect::<Result<_, InsightError>>()?;
        let prices = self.files.table("prices.csv")?;
        let [site, specialty] = [prices.position("site")?, prices.position("specialty")?];
        let wanted: Vec<(usize, &str)> = wanted
            .iter()
            .map(|(column, value)| Ok((prices.position(column)?, value.as_str())))
            .collect::<Result<_, InsightError>>()?;
        let sites: BTreeSet<&str> = pools.iter().map(|(site, _)| *site).collect();
        let mut count = 0_usize;
        for at in prices.holding(site, sites) {
            let row = prices.row(at);
            let meant = wanted.iter().all(|&(column, value)| row.at(column) == value)
                && pools.contains(&(row.at(site), row.at(specialty)));
            count += usize::from(meant && rounded(row.number("shadow_price")?) == price);
        }
        Ok(count as f64)
    }
    /// A column of the data, added up over the areas or specialty that are meant.
    fn data(&self, table: &str, wanted: &Rows) -> f64 {
        let system = self.system;
        let is = |column: &str, code: &str| wanted.get(column).is_none_or(|wanted| wanted == code);
        let areas = system.areas.iter().filter(|(_, id, area)| {
            is("area", id.as_str())
                && is("region", system.regions.id(area.region).as_str())
                && is("commissioner", system.commissioners.id(area.commissioner).as_str())
        });
        match (table, self.expected) {
            ("population", _) => areas.map(|(_, _, area)| area.population.0).sum(),
            ("need_expected", Some(expected)) => {
                let specialties: Vec<SpecialtyIx> = system
                    .specialties
                    .iter()
                    .filter(|(_, id, _)| is("specialty", id.as_str()))
                    .map(|(specialty, _, _)| specialty)
                    .collect();
                let of_area = |area| specialties.iter().map(move |&s| expected[(area, s)].0).sum::<f64>();
                areas.map(|(area, _, _)| of_area(area)).sum()
            }
            ("travel_times", _) => {
                let known = system.travel.known.iter();
                let mut minutes = known.filter(|time| {
                    is("area", system.areas.id(time.area).as_str())
                        && is("site", system.sites.id(time.site).as_str())
                });
                minutes.next().map_or(f64::NAN, |time| time.minutes.0)
            }
            _ => f64::NAN,
        }
    }
    /// What an area uses of a site's beds today, all specialties.
    fn use_today(&self, area: &str, site: &str) -> f64 {
        let (Some(area), Some(site)) = (self.system.areas.find(area), self.system.sites.find(site)) else {
            return 0.0;
        };
        let used = self.used(area);
        used.iter().filter(|((at, _), _)| *at == site).map(|(_, used)| used.own).sum()
    }
    fn beds_in_use(
        &self,
        area: &str,
        period: &str,
        column: &str,
        times: Option<&str>,
    ) -> Result<f64, InsightError> {
        let Some(area) = self.system.areas.find(area) else { return Ok(0.0) };
        let used = self.used(area);
        let allocation = self.files.table("allocation.csv")?;
        let mut sum = 0.0;
        for row in allocation.matching(&rows([("period", period)]))? {
            let site = self.system.sites.find(row.text("site")?);
            let specialty = self.system.specialties.find(row.text("specialty")?);
            let Some(used) = site.zip(specialty).and_then(|pool| used.get(&pool)) else { continue };
            let factor = times.map_or(Ok(1.0), |times| row.number(times))?;
            sum += used.part() * row.number(column)? * factor;
        }
        Ok(sum)
    }
    /// The row of a region in a list of the summary, as the start of a JSON pointer.
    pub fn region_in_summary(&self, list: &str, region: &str) -> Result<Option<String>, InsightError> {
        let summary = self.files.json("summary.json")?;
        let regions = summary.pointer(list).and_then(serde_json::Value::as_array);
        let at = regions.and_then(|all| all.iter().position(|one| one["region"] == region));
        Ok(at.map(|at| format!("{list}/{at}")))
    }
    /// Rows of the allocation about a place's beds.
    pub fn beds_of(&self, place: super::place::Place) -> Rows {
        self.in_period(place.rows(self.system))
    }
    /// The row of a site's beds of a specialty.
    pub fn pool(&self, site: &str, specialty: &str) -> Rows {
        self.in_period(rows([("site", site), ("specialty", specialty)]))
    }
    /// Whether the plan has one period only, so that sums over periods are those of the period that is told.
    pub fn one_period(&self) -> bool {
        self.system.periods.len() == 1
    }
}

/// A price as prices are compared: six digits.
pub fn rounded(price: f64) -> String {
    format!("{price:.5e}")
}
