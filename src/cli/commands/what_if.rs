//! `explain --why-not` and `explain --resolve`: answers for which the model is solved again.

use crate::cli::exit_code::Exit;
use crate::cli::output::{self, colour};
use crate::cli::result_folder::model_of;
use crate::cli::signals::Interrupt;
use crate::cli::solver_choice::{SolverArguments, SolverChoice};
use crate::domain::policy::{Scope, Whose};
use crate::domain::system::CareSystem;
use crate::domain::units::Beds;
use crate::input::{self, Loaded};
use crate::insight::demand::{self, Relation, Wanted};
use crate::insight::files::Files;
use crate::insight::place::{Asked, Place};
use crate::network::TravelTimes;
use crate::pipeline::trial::{Case, CaseEnd, belongs, trials};
use crate::report::text::trial::{self as page, Tried, WhyNot};
use std::path::Path;

/// Fewer beds than this are none to give up.
const NO_BEDS: f64 = 0.005;

/// A result's model, read again, with the plan's new beds.
struct Again {
    loaded: Loaded,
    times: TravelTimes,
    files: Files,
}

impl Again {
    fn read(folder: &Path) -> Result<Self, String> {
        let model = model_of(folder)?;
        let loaded = input::load(&model).map_err(|faults| {
            format!("the model cannot be solved again, since it or its data cannot be read:\n{faults}")
        })?;
        let times = TravelTimes::within_reach(&loaded.system).map_err(|fault| fault.to_string())?;
        Ok(Self { loaded, times, files: Files::new(folder) })
    }
    fn system(&self) -> &CareSystem {
        &self.loaded.system
    }
    /// New beds that the plan gives.
    fn planned(&self, whose: Whose) -> Result<Beds, String> {
        let table = self.files.table("allocation.csv").map_err(|fault| fault.to_string())?;
        let system = self.system();
        let mut beds = Beds::ZERO;
        for row in table.rows() {
            let text = |column| row.text(column).map_err(|fault| fault.to_string());
            let found = (system.sites.find(text("site")?), system.specialties.find(text("specialty")?));
            if let (Some(site), Some(specialty)) = found
                && belongs(system, whose, site, specialty)
            {
                beds += Beds(row.number("new").map_err(|fault| fault.to_string())?);
            }
        }
        Ok(beds)
    }
    fn solve(&self, whose: Whose, cases: &[Case]) -> Result<Vec<CaseEnd>, String> {
        let interrupt = Interrupt::listen();
        let choice = SolverChoice::new(&self.loaded.solver, &SolverArguments::default(), &interrupt);
        trials(self.system(), &self.times, whose, cases, &mut || choice.make())
            .map_err(|fault| fault.to_string())
    }
}

/// Why a demand does not hold. Ends with 3 where it cannot be met.
pub fn why_not(folder: &Path, asked: &str, json: bool) -> Exit {
    let found = Again::read(folder).and_then(|again| {
        let system = again.system();
        let wanted = demand::parse(system, asked).map_err(|fault| fault.to_string())?;
        let planned = again.planned(wanted.whose)?;
        let ends = if wanted.is_met_by(planned) {
            None
        } else {
            let case = Case { beds: Some(range(&wanted)), ..Case::default() };
            Some(again.solve(wanted.whose, &[Case::default(), case])?)
        };
        let tried = ends.as_ref().map(|ends| (&ends[0], &ends[1]));
        let answer = WhyNot { wanted: &wanted, planned, tried };
        let infeasible = matches!(tried, Some((_, CaseEnd::Infeasible(..))));
        let text = if json {
            output::json(&page::why_not_json(system, &answer))?
        } else {
            page::why_not(system, &answer, colour())
        };
        Ok((text, infeasible))
    });
    match found {
        Ok((text, infeasible)) => match output::tell(Ok(text)) {
            Exit::Done if infeasible => Exit::Infeasible,
            end => end,
        },
        Err(fault) => output::tell(Err(fault)),
    }
}

/// A site's beds are pinned. Where the plan does not meet a demand, the best plan that does stands at its edge, since
/// what a plan leaves unmet is convex in the beds of a place.
fn range(wanted: &Wanted) -> (Beds, Beds) {
    match (wanted.whose, wanted.relation) {
        (Whose::Site(..), Relation::Min | Relation::Max) => (wanted.beds, wanted.beds),
        _ => wanted.range(),
    }
}

/// What so many beds more or fewer would do at a place.
pub fn resolve(folder: &Path, asked: &Asked, beds: f64, json: bool) -> Result<String, String> {
    let again = Again::read(folder)?;
    let system = again.system();
    let place = Place::find(system, asked).map_err(|fault| fault.to_string())?;
    let whose = demand::whose(place)
        .ok_or("--resolve needs a region, commissioner, trust or site: only these have beds of their own")?;
    let planned = again.planned(whose)?.0.max(0.0);
    let exactly = |beds: f64| Some((Beds(beds), Beds(beds)));
    let fewer = beds.min(planned);
    let more = |pool: f64| Case { beds: exactly(planned + beds), pool: Beds(pool) };
    let mut cases = vec![Case::default(), more(beds), more(0.0)];
    if fewer > NO_BEDS {
        cases.push(Case { beds: exactly(planned - fewer), pool: Beds::ZERO });
    }
    let ends = again.solve(whose, &cases)?;
    let name = place.name(system);
    let told = |beds: f64| crate::domain::number::grouped(beds, usize::from(beds.fract() != 0.0));
    let (n, has) = (told(beds), crate::domain::number::grouped(planned, 1));
    let here = if matches!(whose, Whose::Scope(Scope::Region(_))) { "in" } else { "at" };
    let what = [
        (format!("{n} more beds {here} {name} (the plan gives {has}), added to the pool"), beds),
        (format!("{n} more beds {here} {name} out of the same pool, so that others have fewer"), beds),
        (format!("{} fewer beds {here} {name}, so that others have more", told(fewer)), -fewer),
    ];
    let tried: Vec<Tried> = what
        .into_iter()
        .zip(&ends[1..])
        .map(|((what, beds), end)| Tried { what, beds: Beds(beds), end })
        .collect();
    let mut text = if json {
        return output::json(&page::what_if_json(system, name, Beds(planned), &ends[0], &tried));
    } else {
        page::what_if(system, (name, whose), &ends[0], &tried, colour())
    };
    if fewer <= NO_BEDS {
        text.push_str("  - It has no new beds that it could give up.\n");
    }
    Ok(text)
}
