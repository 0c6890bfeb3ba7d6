//! `prices.csv`: shadow prices by level and constraint.

use super::VerifyError;
use super::files::{point, position, stock};
use super::parameters::Parameters;
use super::table::{Row, Table};
use crate::domain::policy::Term;
use crate::domain::{CommissionerIx, CouncilIx, Ix, ProgrammeIx, RegionIx, ServiceIx, SiteIx};

/// Constraints that have prices, in positions. Demand balances have none: see `docs/proof.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKey {
    /// Occupied beds of a stock in a period.
    BedCapacity(usize, usize),
    /// Beds of a stock in a period.
    BedStock(usize, usize),
    /// New beds up to a period.
    NewBedPool(usize),
    /// New beds of an agreement (its position in the model) in a period.
    Agreement(usize, usize),
    /// New beds of a pin (its position in the model) in a period.
    Pin(usize, usize),
    /// Beds of a site in a period.
    SiteSize(SiteIx, usize),
    /// Delay released by a council in a period.
    Discharge(CouncilIx, usize),
    /// Money of a council in a period.
    CouncilBudget(CouncilIx, usize),
    /// Pooled money in a period.
    PooledFund(usize),
    /// Money moved off a council's service in a period.
    MoneyBalance(CouncilIx, ServiceIx, usize),
    /// Unmet share of an equity group in a period.
    GroupUnmet(usize, usize),
    /// Ceiling of an equity group in a period.
    UnmetCeiling(usize, usize),
    /// What a scenario leaves unmet (by its period in the first wave).
    ScenarioLoss(usize),
    /// An earlier term that is held.
    TermHold(Term),
    /// Occupied beds of a community site in a period.
    StepDownCapacity(SiteIx, usize),
    /// Beds of a community site in a period.
    StepDownStock(SiteIx, usize),
    /// Step-down beds opened up to a period.
    StepDownPool(usize),
    /// Need of a point in step-down beds in a period.
    StepDownShare(usize, usize),
    /// Money for prevention in a period.
    PreventionBudget(usize),
    /// Pace of a programme's roll-out by a commissioner in a period.
    RollOutStep(ProgrammeIx, CommissionerIx, usize),
    /// Room freed in a stock by shorter stays in a period.
    FreedLimit(usize, usize),
    /// Money for shorter stays in a period.
    BedManagementBudget(usize),
    /// Money to build with in a period.
    CapitalLimit(usize),
    /// Money to run the plan in a period.
    RevenueLimit(usize),
    /// Nurses of a region in a period.
    NurseLimit(RegionIx, usize),
    /// Beds of the first of the stocks that share beds between sites, in a period.
    Reallocation(usize, usize),
    /// Beds that leave a stock in a period.
    ReallocationLimit(usize, usize),
    /// Beds of the first of the stocks that share beds at a site, in a period.
    Conversion(usize, usize),
    /// Beds converted from a stock in a period.
    ConversionLimit(usize, usize),
    /// Beds of a stock closed in a period.
    ClosureLimit(usize, usize),
    /// Beds of a stock that were there to close.
    ClosureStock(usize, usize),
    /// Smallest size of a site that may open or close.
    SmallestOpen(SiteIx, usize),
    /// Largest size of a site that may open or close.
    LargestOpen(SiteIx, usize),
    /// A site open or closed as before.
    StaysSo(SiteIx, usize),
    /// Closures in a commissioner's sites after other provision.
    ClosurePrecedence(CommissionerIx, usize),
}

impl RowKey {
    /// The constraint in words.
    pub fn words(self, p: &Parameters) -> String {
        match self {
            Self::BedCapacity(stock, t) => format!("bed capacity of {}", p.stock_words(stock, t)),
            Self::BedStock(stock, t) => format!("bed stock of {}", p.stock_words(stock, t)),
            Self::NewBedPool(t) => format!("new-bed pool{}", p.period_words(t)),
            Self::Agreement(at, t) => format!("agreement {}{}", at + 1, p.period_words(t)),
            Self::Pin(at, t) => format!("pin {}{}", at + 1, p.period_words(t)),
            Self::SiteSize(site, t) => {
                format!(
                    "size of {} ({}){}",
                    p.system.sites[site].name,
                    p.system.sites.id(site),
                    p.period_words(t)
                )
            }
            Self::Discharge(council, t) => format!("discharge in {}", p.council_words(council, t)),
            Self::CouncilBudget(council, t) => format!("budget of {}", p.council_words(council, t)),
            Self::PooledFund(t) => format!("pooled fund{}", p.period_words(t)),
            Self::MoneyBalance(council, service, t) => {
                format!("money balance of {}", p.care_words(council, service, t))
            }
            Self::GroupUnmet(group, t) => {
                format!("unmet share of {}{}", p.group_words(group), p.period_words(t))
            }
            Self::UnmetCeiling(group, t) => {
                format!("unmet ceiling of {}{}", p.group_words(group), p.period_words(t))
            }
            Self::ScenarioLoss(t) => format!("unmet need in a scenario{}", p.period_words(t)),
            Self::TermHold(term) => format!("hold of term {}", term.name()),
            Self::StepDownCapacity(site, t) => {
                format!("step-down capacity of {}{}", p.system.sites[site].name, p.period_words(t))
            }
            Self::StepDownStock(site, t) => {
                format!("step-down beds of {}{}", p.system.sites[site].name, p.period_words(t))
            }
            Self::StepDownPool(t) => format!("step-down pool{}", p.period_words(t)),
            Self::StepDownShare(point, t) => format!("step-down share of {}", p.point_words(point, t)),
            Self::PreventionBudget(t) => format!("prevention budget{}", p.period_words(t)),
            Self::RollOutStep(programme, commissioner, t) => {
                let (programme, by) =
                    (&p.system.programmes[programme].name, p.system.commissioners.id(commissioner));
                format!("pace of {programme} by {by}{}", p.period_words(t))
            }
            Self::FreedLimit(stock, t) => format!("shorter stays at {}", p.stock_words(stock, t)),
            Self::BedManagementBudget(t) => format!("budget for shorter stays{}", p.period_words(t)),
            Self::CapitalLimit(t) => format!("capital{}", p.period_words(t)),
            Self::RevenueLimit(t) => format!("revenue{}", p.period_words(t)),
            Self::NurseLimit(region, t) => {
                format!("nurses in {}{}", p.system.regions[region].name, p.period_words(t))
            }
            Self::Reallocation(stock, t) => format!("reallocation with {}", p.stock_words(stock, t)),
            Self::ReallocationLimit(stock, t) => format!("reallocation limit of {}", p.stock_words(stock, t)),
            Self::Conversion(stock, t) => format!("conversion with {}", p.stock_words(stock, t)),
            Self::ConversionLimit(stock, t) => format!("conversion limit of {}", p.stock_words(stock, t)),
            Self::ClosureLimit(stock, t) => format!("closure limit of {}", p.stock_words(stock, t)),
            Self::ClosureStock(stock, t) => format!("beds there to close of {}", p.stock_words(stock, t)),
            Self::ClosurePrecedence(commissioner, t) => {
                let whose = &p.system.commissioners[commissioner].name;
                format!("closures in {whose} after other provision{}", p.period_words(t))
            }
            Self::SmallestOpen(site, t) | Self::LargestOpen(site, t) | Self::StaysSo(site, t) => {
                format!("choice on {}{}", p.system.sites[site].name, p.period_words(t))
            }
        }
    }
}

/// One price.
#[derive(Debug, Clone)]
pub struct PriceRow {
    /// The level it belongs to.
    pub level: String,
    /// The constraint.
    pub row: RowKey,
    /// Change of the level's objective when the constraint's bound rises by one.
    pub price: f64,
}

/// Reads the prices. Rows on demand balances prove nothing and are passed over.
pub fn read_prices(table: &Table, p: &Parameters) -> Result<Vec<PriceRow>, VerifyError> {
    let mut prices = Vec::new();
    for row in table.rows() {
        if row.text("constraint")? == "DemandBalance" {
            continue;
        }
        prices.push(PriceRow {
            level: row.text("level")?.to_owned(),
            row: row_key(row, p)?,
            price: row.number("shadow_price")?,
        });
    }
    Ok(prices)
}

fn row_key(row: Row, p: &Parameters) -> Result<RowKey, VerifyError> {
    let system = p.system;
    let period = || position(row, "period", &system.periods).map(Ix::get);
    let council = || position(row, "council", &system.councils);
    let site = || position(row, "site", &system.sites);
    let listed = || row.find("position", |text| text.parse::<usize>().ok());
    Ok(match row.text("constraint")? {
        "BedCapacity" => RowKey::BedCapacity(stock(row, p)?, period()?),
        "BedStock" => RowKey::BedStock(stock(row, p)?, period()?),
        "NewBedPool" => RowKey::NewBedPool(period()?),
        "Agreement" => RowKey::Agreement(listed()?, period()?),
        "Pin" => RowKey::Pin(listed()?, period()?),
        "SiteSize" => RowKey::SiteSize(position(row, "site", &system.sites)?, period()?),
        "Discharge" => RowKey::Discharge(council()?, period()?),
        "CouncilBudget" => RowKey::CouncilBudget(council()?, period()?),
        "PooledFund" => RowKey::PooledFund(period()?),
        "MoneyBalance" => {
            RowKey::MoneyBalance(council()?, position(row, "service", &system.services)?, period()?)
        }
        "GroupUnmet" => RowKey::GroupUnmet(group(row, p)?, period()?),
        "UnmetCeiling" => RowKey::UnmetCeiling(group(row, p)?, period()?),
        "ScenarioLoss" => RowKey::ScenarioLoss(period()?),
        "TermHold" => RowKey::TermHold(row.find("term", Term::from_name)?),
        "StepDownCapacity" => RowKey::StepDownCapacity(position(row, "site", &system.sites)?, period()?),
        "StepDownStock" => RowKey::StepDownStock(position(row, "site", &system.sites)?, period()?),
        "StepDownPool" => RowKey::StepDownPool(period()?),
        "StepDownShare" => RowKey::StepDownShare(point(row, p)?, period()?),
        "PreventionBudget" => RowKey::PreventionBudget(period()?),
        "RollOutStep" => {
            let programme = position(row, "programme", &system.programmes)?;
            RowKey::RollOutStep(programme, position(row, "commissioner", &system.commissioners)?, period()?)
        }
        "FreedLimit" => RowKey::FreedLimit(stock(row, p)?, period()?),
        "BedManagementBudget" => RowKey::BedManagementBudget(period()?),
        "CapitalLimit" => RowKey::CapitalLimit(period()?),
        "RevenueLimit" => RowKey::RevenueLimit(period()?),
        "NurseLimit" => RowKey::NurseLimit(position(row, "region", &system.regions)?, period()?),
        "Reallocation" => RowKey::Reallocation(first_sharing(row, p)?, period()?),
        "ReallocationLimit" => RowKey::ReallocationLimit(stock(row, p)?, period()?),
        "Conversion" => RowKey::Conversion(stock(row, p)?, period()?),
        "ConversionLimit" => RowKey::ConversionLimit(stock(row, p)?, period()?),
        "ClosureLimit" => RowKey::ClosureLimit(stock(row, p)?, period()?),
        "ClosureStock" => RowKey::ClosureStock(stock(row, p)?, period()?),
        "SmallestOpen" => RowKey::SmallestOpen(site()?, period()?),
        "LargestOpen" => RowKey::LargestOpen(site()?, period()?),
        "StaysSo" => RowKey::StaysSo(site()?, period()?),
        "ClosurePrecedence" => {
            RowKey::ClosurePrecedence(position(row, "commissioner", &system.commissioners)?, period()?)
        }
        other => return Err(row.fault(format!("there is no family of constraints called \"{other}\""))),
    })
}

/// The first of the stocks that a row on reallocation is about.
fn first_sharing(row: Row, p: &Parameters) -> Result<usize, VerifyError> {
    let specialty = position(row, "specialty", &p.system.specialties)?;
    let named = |column: &str| row.text(column).is_ok_and(|text| !text.is_empty());
    let sites = if named("trust") {
        ('t', position(row, "trust", &p.system.trusts)?.get())
    } else if named("group") {
        ('g', position(row, "group", &p.system.groups)?.get())
    } else if named("commissioner") {
        ('c', position(row, "commissioner", &p.system.commissioners)?.get())
    } else if named("region") {
        ('r', position(row, "region", &p.system.regions)?.get())
    } else {
        ('n', 0)
    };
    let sharing = |at: &usize| p.stocks[*at].1 == specialty && p.sharing(*at) == Some(sites);
    let first = (0..p.stocks.len()).find(sharing);
    first.ok_or_else(|| row.fault("no site of the model shares these beds".to_owned()))
}

fn group(row: Row, p: &Parameters) -> Result<usize, VerifyError> {
    row.find("group", |text| p.groups.iter().copied().find(|&group| p.group_words(group) == text))
}
