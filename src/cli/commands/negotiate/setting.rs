//! What a negotiation is held on: a result with its model, and the solves on it.

use super::Failure;
use crate::cli::commands::explain::warn_of_changes;
use crate::cli::exit_code::Exit;
use crate::cli::progress::Progress;
use crate::cli::result_folder::{load_again, model_of};
use crate::cli::signals::Interrupt;
use crate::cli::solver_choice::{SolverArguments, SolverChoice};
use crate::domain::RegionIx;
use crate::domain::number::grouped;
use crate::domain::system::CareSystem;
use crate::domain::units::{Beds, OccupiedBeds, Proportion};
use crate::formulation::keys::{Movement, NewBeds, VariableKey};
use crate::input::{Loaded, stated};
use crate::insight::error::InsightError;
use crate::insight::negotiate::curve::Touch;
use crate::insight::negotiate::finding::{Range, Ranges, ranges};
use crate::insight::negotiate::ledger::{Effect, Ledger, sha256};
use crate::insight::negotiate::outcome::{
    EveryAim, GivenBeds, Outcome, Pool, ReachedLevel, beds_of, given_beds, open_sites, range_at_every_aim,
    reached_levels, standing_outcome,
};
use crate::insight::negotiate::value::{End, Oracle, ValueCurve, value_curve};
use crate::insight::place::{Asked, Place};
use crate::network::TravelTimes;
use crate::pipeline::RunError;
use crate::pipeline::negotiate::{
    Ground, KnownLevel, NegotiationError, Present, PromisedPlan, Promises, Side, Standing, Talks, Worth,
    near_ranges, promised_plan,
};
use crate::solution::LevelName;
use crate::solver::{Solver, SolverError};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// A result with its model.
pub struct Setting {
    folder: PathBuf,
    loaded: Loaded,
    given: BTreeMap<Pool, GivenBeds>,
    times: TravelTimes,
    standing: Standing,
    /// What the result comes to, where it is the best plan.
    stands: Option<Outcome>,
    ground: OnceCell<Ground>,
    choice: SolverChoice,
    /// SHA-256 of the model's settings and tables, wherever they lie.
    pub fingerprint: String,
}

impl Setting {
    /// Reads a result folder and its model.
    pub fn load(
        folder: &Path,
        flags: &SolverArguments,
        interrupt: &Interrupt,
        progress: &mut Progress,
    ) -> Result<Self, Failure> {
        let model = model_of(folder).map_err(Failure::bad_input)?;
        let loaded = progress
            .time("read the model", || load_again(&model, "a negotiation"))
            .map_err(Failure::bad_input)?;
        warn_of_changes(folder);
        let choice = SolverChoice::new(&loaded.solver, flags, interrupt);
        let fingerprint = fingerprint(&model, &loaded)?;
        let system = &loaded.system;
        let read = |fault: InsightError| Failure::bad_input(fault.to_string());
        let given = given_beds(folder, system).map_err(read)?;
        let open = open_sites(folder, system).map_err(read)?;
        let stands = standing_outcome(folder, system, &given).map_err(read)?;
        let levels = known_levels(folder, system, stands.is_some()).map_err(read)?;
        let standing = Standing { open, levels, ..standing(system, &given) };
        let times = progress
            .time("find travel times", || TravelTimes::within_reach(system))
            .map_err(|error| Failure::bad_input(error.to_string()))?;
        let (folder, ground) = (folder.to_owned(), OnceCell::new());
        Ok(Self { folder, loaded, given, times, standing, stands, ground, choice, fingerprint })
    }
    fn present(&self) -> Present<'_> {
        Present { system: self.system(), times: &self.times, standing: &self.standing }
    }
    /// The program over merged areas, built when it is first asked for.
    fn ground(&self, progress: &mut Progress) -> &Ground {
        self.ground.get_or_init(|| Ground::new(self.present(), progress))
    }
    /// The care system.
    pub fn system(&self) -> &CareSystem {
        &self.loaded.system
    }
    /// The region that somebody means.
    pub fn region(&self, asked: &str) -> Result<RegionIx, Failure> {
        match Place::find(self.system(), &Asked::Region(asked.to_owned())) {
            Ok(Place::Region(region)) => Ok(region),
            Ok(_) => Err(Failure::bad_input(format!("\"{asked}\" is no region"))),
            Err(fault) => Err(Failure::bad_input(fault.to_string())),
        }
    }
    /// The region of a code.
    pub fn region_of_code(&self, code: &str) -> Option<RegionIx> {
        self.system().regions.find(code)
    }
    fn solver(&self) -> Result<Box<dyn Solver>, Failure> {
        self.choice.make().map_err(|error: SolverError| Failure::bad_input(error.to_string()))
    }
    /// A region's beds in plans equally good for every aim, where the result tells them and nothing is settled since.
    pub fn every_aim(&self, promises: &Promises, region: RegionIx) -> Option<EveryAim> {
        if promises.is_empty() {
            range_at_every_aim(&self.folder, self.system(), region).ok().flatten()
        } else {
            None
        }
    }
    /// A region's beds in the plan: the result's, or with promises those of the plan that keeps them.
    pub fn plan_beds(
        &self,
        promises: &Promises,
        region: RegionIx,
        progress: &mut Progress,
    ) -> Result<Beds, Failure> {
        if promises.is_empty() {
            return Ok(beds_of(self.system(), &self.given, region));
        }
        Ok(self.outcome(promises, None, progress)?.region_beds.get(&region).copied().unwrap_or_default())
    }
    /// The plan that keeps the promises, and one more where there is one: the result's own where that does. No answer
    /// depends on what was asked before.
    pub fn outcome(
        &self,
        promises: &Promises,
        more: Option<(RegionIx, Beds)>,
        progress: &mut Progress,
    ) -> Result<Outcome, Failure> {
        let mut all = promises.clone();
        if let Some((region, beds)) = more {
            all.give(region, beds);
        }
        let present = self.present();
        if let Some(stands) = self.stands.as_ref().filter(|_| present.keeps(&all)) {
            return Ok(stands.clone());
        }
        match promised_plan(present, &all, &mut || self.choice.make(), progress) {
            Ok(plan) => Ok(outcome_of(plan)),
            Err(NegotiationError::Impossible) => Err(self.impossible(promises, more, progress)),
            Err(error) => Err(failure(&error)),
        }
    }
    /// The effect of giving a region a number of beds, on top of what a ledger settles; with the plans before and after.
    pub fn effect(
        &self,
        ledger: &Ledger,
        region: RegionIx,
        beds: Beds,
        progress: &mut Progress,
    ) -> Result<(Effect, Outcome, Outcome), Failure> {
        let promises = promises_of(self, ledger)?;
        let before = self.outcome(&promises, None, progress)?;
        let after = self.outcome(&promises, Some((region, beds)), progress)?;
        Ok((Effect::new(self.system(), region, &before, &after), before, after))
    }
    /// What each number of beds is worth to a region.
    pub fn value_curve(
        &self,
        region: RegionIx,
        promises: Promises,
        progress: &mut Progress,
    ) -> Result<ValueCurve, Failure> {
        let mut talks = Talks::new(self.ground(progress), promises, self.solver()?);
        progress
            .time("trace the value of beds", || {
                let ends = talks.ends(region)?;
                value_curve(ends, &mut Asking { talks: &mut talks, region })
            })
            .map_err(|error| failure(&error))
    }
    /// Least and most beds of every region.
    pub fn ranges(
        &self,
        promises: Promises,
        within: &[Proportion],
        progress: &mut Progress,
    ) -> Result<Ranges, Failure> {
        let plan: BTreeMap<RegionIx, Beds> = if promises.is_empty() {
            let regions = self.system().regions.indices();
            regions.map(|region| (region, beds_of(self.system(), &self.given, region))).collect()
        } else {
            self.outcome(&promises, None, progress)?.region_beds
        };
        let solver = self.solver()?;
        let found = near_ranges(self.ground(progress), promises, within, solver, progress)
            .map_err(|e| failure(&e))?;
        let of_region = |region| {
            let of = found.ranges.iter().filter(|range| range.region == region);
            of.map(|r| Range { within: r.within, least_beds: r.least, most_beds: r.most }).collect()
        };
        let best = (found.unmet, found.worst_share);
        let plan_beds = |region| plan.get(&region).copied().unwrap_or_default();
        Ok(ranges(self.system(), best, plan_beds, of_region))
    }
    /// Says which numbers of beds there could be.
    fn impossible(
        &self,
        promises: &Promises,
        more: Option<(RegionIx, Beds)>,
        progress: &mut Progress,
    ) -> Failure {
        let mut text = NegotiationError::Impossible.to_string();
        if let Some((region, beds)) = more
            && let Ok(solver) = self.solver()
            && let Ok((least, most)) =
                Talks::new(self.ground(progress), promises.clone(), solver).ends(region)
        {
            let name = Place::Region(region).name(self.system());
            text = format!(
                "{name} cannot have {} new beds: the rules of the model, and what is settled, let it have from {} \
                 to {}",
                grouped(beds.0, 1),
                grouped(least.0, 1),
                grouped(most.0, 1)
            );
        }
        Failure { exit: Exit::Infeasible, text }
    }
}

/// What a ledger settles, as promises.
pub fn promises_of(setting: &Setting, ledger: &Ledger) -> Result<Promises, Failure> {
    let mut promises = Promises::default();
    for entry in ledger.settled() {
        let region = setting.region_of_code(&entry.region).ok_or_else(|| {
            Failure::bad_input(format!("entry {} of the ledger: no region {}", entry.entry, entry.region))
        })?;
        promises.give(region, Beds(entry.new_beds));
    }
    Ok(promises)
}

fn failure(error: &NegotiationError) -> Failure {
    let exit = match error {
        NegotiationError::Impossible => Exit::Infeasible,
        NegotiationError::Stopped(_) => Exit::StoppedWithoutPlan,
        NegotiationError::Run(RunError::NoDuals) => Exit::BadInput,
        NegotiationError::Run(_) => Exit::Bug,
    };
    Failure { exit, text: error.to_string() }
}

fn outcome_of(plan: PromisedPlan) -> Outcome {
    Outcome {
        unmet: plan.unmet,
        worst_share: plan.worst_share,
        travel: plan.travel,
        new_beds: plan.new_beds,
        region_beds: plan.region_beds,
        region_unmet: plan.region_unmet,
    }
}

/// What a result gave, as decisions; its caps, where limits of refusals may have tightened them.
fn standing(system: &CareSystem, given: &BTreeMap<Pool, GivenBeds>) -> Standing {
    let mut found = Standing::default();
    for (&(site, specialty, period), beds) in given {
        let moved = Movement::ALL.map(|movement| {
            let beds = match movement {
                Movement::In => beds.reallocated_in,
                Movement::Out => beds.reallocated_out,
                Movement::To => beds.converted_to,
                Movement::From => beds.converted_from,
                Movement::Closed => beds.closed,
            };
            (movement.variable(site, specialty, period), beds.0)
        });
        let new = VariableKey::from(NewBeds { site, specialty, period });
        found.beds.extend(std::iter::once((new, beds.new.0)).chain(moved).filter(|(_, beds)| *beds != 0.0));
        if system.policy.occupancy.refusals.is_on() {
            found.caps.insert((site, specialty), beds.cap);
        }
    }
    found
}

/// The levels that a result proved, where they hold for plans in parts of a bed at the model's own caps.
fn known_levels(folder: &Path, system: &CareSystem, stands: bool) -> Result<Vec<KnownLevel>, InsightError> {
    if !stands || system.policy.occupancy.refusals.is_on() {
        return Ok(Vec::new());
    }
    let known = |level: ReachedLevel| {
        let ReachedLevel { name, value, prices } = level;
        LevelName::named(&name).map(|name| KnownLevel { name, value, prices })
    };
    Ok(reached_levels(folder)?.into_iter().filter_map(known).collect())
}

/// SHA-256 of the settings of a model and of the tables it reads. Where they lie and how they are solved does not
/// matter.
fn fingerprint(model: &Path, loaded: &Loaded) -> Result<String, Failure> {
    let settings = stated::stated(model).map_err(|faults| Failure::bad_input(faults.to_string()))?;
    let folders: Vec<&String> = ["own_tables", "data"].iter().filter_map(|key| settings.get(*key)).collect();
    let mut text = String::new();
    for (key, value) in &settings {
        if !folders.contains(&value) && !key.starts_with("solver.") {
            let _ = writeln!(text, "{key} = {value}");
        }
    }
    let mut tables: Vec<String> = Vec::new();
    for input in &loaded.inputs {
        let path = input.path.canonicalize().unwrap_or_else(|_| input.path.clone());
        let within = |folder: &&String| path.strip_prefix(folder.as_str()).ok().map(Path::to_owned);
        if let Some(inside) = folders.iter().find_map(within) {
            tables.push(format!("{} {}\n", inside.display(), input.sha256));
        }
    }
    tables.sort();
    Ok(sha256((text + &tables.concat()).as_bytes()))
}

/// Talks about one region, as the curve asks them.
struct Asking<'a, 'g> {
    talks: &'a mut Talks<'g>,
    region: RegionIx,
}

fn touch(worth: Worth<OccupiedBeds>) -> Touch {
    Touch { value: worth.value.0, slope: worth.slope }
}

impl Oracle for Asking<'_, '_> {
    type Fault = NegotiationError;
    fn unmet(&mut self, beds: Beds) -> Result<Touch, NegotiationError> {
        self.talks.least_unmet(self.region, beds).map(touch)
    }
    fn keep_best(&mut self, beds: Beds) -> Result<(), NegotiationError> {
        self.talks.keep_best(self.region, beds)
    }
    fn worst_share(&mut self, beds: Beds) -> Result<Option<Touch>, NegotiationError> {
        let worst = self.talks.worst_share(self.region, beds)?;
        Ok(worst.map(|worth| Touch { value: worth.value.0, slope: worth.slope }))
    }
    fn keep_fairest(&mut self, beds: Beds) -> Result<(), NegotiationError> {
        self.talks.keep_fairest(self.region, beds)
    }
    fn own(&mut self, beds: Beds, end: End) -> Result<Touch, NegotiationError> {
        let side = match end {
            End::Least => Side::Least,
            End::Most => Side::Most,
        };
        self.talks.own_unmet(self.region, beds, side).map(touch)
    }
}
