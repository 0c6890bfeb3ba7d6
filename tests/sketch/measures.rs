//! What can be done besides new acute beds, put into a sketched care system.

use super::Sketch;
use bedalloc::domain::ids::{PeriodId, ProgrammeId};
use bedalloc::domain::index::{Ix, Register};
use bedalloc::domain::measures::{BedManagement, Prevention, StepDown};
use bedalloc::domain::period::Period;
use bedalloc::domain::system::{CareSystem, CommunityBeds, Council, Programme, Site, SiteKind};
use bedalloc::domain::units::{Beds, Pounds, Proportion};
use bedalloc::domain::{ServiceIx, SpecialtyIx};
use bedalloc::network::TravelTimes;
use bedalloc::pipeline::{RunEnd, RunOptions, RunResult, Silent, run};
use bedalloc::solver::{SolverOptions, choose};

/// A community site to be: the identifier of a sketched site without acute beds, its step-down beds, and
/// the council that may pay.
#[derive(Debug, Clone)]
pub struct CommunitySketch {
    pub site: String,
    pub beds: f64,
    pub council: Option<String>,
}

/// A programme to be: cost a head, and share prevented by position of specialty.
#[derive(Debug, Clone)]
pub struct ProgrammeSketch {
    pub id: String,
    pub cost_per_head: f64,
    pub prevented: Vec<(usize, f64)>,
}

/// A sketch with more than acute beds.
#[derive(Debug, Clone)]
pub struct Wider {
    pub sketch: Sketch,
    pub community: Vec<CommunitySketch>,
    pub programmes: Vec<ProgrammeSketch>,
    /// Need of each wave as a multiple of the data's year.
    pub periods: Vec<f64>,
    /// Money that every council has beyond what it spends today.
    pub spare: f64,
}

/// A sketch with nothing added.
pub fn wider(sketch: Sketch) -> Wider {
    Wider { sketch, community: Vec::new(), programmes: Vec::new(), periods: vec![1.0], spare: 0.0 }
}

pub fn community(site: &str, beds: f64, council: Option<&str>) -> CommunitySketch {
    CommunitySketch { site: site.into(), beds, council: council.map(str::to_owned) }
}

pub fn programme(id: &str, cost_per_head: f64, prevented: &[(usize, f64)]) -> ProgrammeSketch {
    ProgrammeSketch { id: id.into(), cost_per_head, prevented: prevented.to_vec() }
}

/// Two regions whose councils' money releases delay, with a community site whose step-down beds the NHS or a
/// council may pay for, and a programme that prevents need.
pub fn besides_beds() -> Wider {
    let mut sketch = super::two_regions();
    sketch.add_social_care();
    sketch.sites.push(super::site("S4", "North", &[]));
    sketch.areas[0].minutes.insert("S4".into(), 12.0);
    for council in ["C1", "C2"] {
        sketch.spend.push((council.into(), "step_down".into(), 0.0));
    }
    sketch.policy.social_care = Some(super::social_care(500_000.0));
    sketch.policy.step_down = Some(step_down(6.0, &[(1, 0.2)], Some(2)));
    sketch.policy.prevention = Some(prevention(Some(90_000.0), 0.6));
    let mut wider = wider(sketch);
    wider.community = vec![community("S4", 4.0, Some("C1"))];
    wider.programmes = vec![programme("asthma", 0.5, &[(1, 0.05)])];
    wider
}

/// Step-down rules: £100 a bed-day, 0.8 acute days for a step-down day, beds 90% full.
pub fn step_down(new_beds: f64, eligible: &[(usize, f64)], service: Option<usize>) -> StepDown {
    let share = |&(specialty, share): &(usize, f64)| (SpecialtyIx::from_usize(specialty), Proportion(share));
    StepDown {
        eligible: eligible.iter().map(share).collect(),
        substitution: Proportion(0.8),
        occupancy: Proportion(0.9),
        new_beds: Beds(new_beds),
        cost_per_bed_day: Pounds(100.0),
        service: service.map(ServiceIx::from_usize),
    }
}

pub fn prevention(budget: Option<f64>, ramp: f64) -> Prevention {
    Prevention { budget: budget.map(Pounds), ramp: Proportion(ramp) }
}

/// Shorter stays at £50 a bed-day freed.
pub fn bed_management(limit: f64, budget: Option<f64>) -> BedManagement {
    let cost_per_bed_day = Pounds(50.0);
    BedManagement { limit: Proportion(limit), cost_per_bed_day, budget: budget.map(Pounds) }
}

impl Wider {
    pub fn build(&self) -> (CareSystem, TravelTimes) {
        let (mut system, times) = self.sketch.build();
        let is_community = |id: &str| self.community.iter().any(|other| other.site == id);
        system.sites = Register::new(system.sites.iter().map(|(_, id, site)| {
            let kind = if is_community(id.as_str()) { SiteKind::Community } else { SiteKind::Acute };
            (id.clone(), Site { kind, ..site.clone() })
        }));
        for CommunitySketch { site, beds, council } in &self.community {
            let site = system.sites.find(site.as_str()).expect("a site of the sketch");
            let council = council.as_ref().map(|id| system.councils.find(id.as_str()).expect("a council"));
            system.community.insert(site, CommunityBeds { available: Beds(*beds), council });
        }
        system.programmes = Register::new(self.programmes.iter().map(|sketch| {
            let prevented = sketch.prevented.iter();
            let prevented = prevented.map(|&(s, share)| (SpecialtyIx::from_usize(s), Proportion(share)));
            let cost_per_head = Pounds(sketch.cost_per_head);
            let programme =
                Programme { name: sketch.id.clone(), prevented: prevented.collect(), cost_per_head };
            (ProgrammeId::new(&sketch.id).expect("a name"), programme)
        }));
        let wave = |(at, &need_factor): (usize, &f64)| {
            let period = Period { need_factor, wave: at, ..Period::default() };
            (PeriodId::new(&format!("wave {}", at + 1)).expect("a name"), period)
        };
        system.periods = Register::in_order(self.periods.iter().enumerate().map(wave));
        system.councils = Register::new(system.councils.iter().map(|(_, id, council)| {
            let budget = council.budget + Pounds(self.spare);
            (id.clone(), Council { budget, ..council.clone() })
        }));
        (system, times)
    }

    pub fn run(&self) -> RunEnd {
        let (system, times) = self.build();
        let options = RunOptions { ranges: true, ..RunOptions::default() };
        let mut make = || choose("highs", SolverOptions::default());
        run(&system, &times, &options, &mut make, &mut Silent).expect("the solver works")
    }

    pub fn plan(&self) -> RunResult {
        match self.run() {
            RunEnd::Planned(result) => *result,
            other => panic!("a plan was expected, not {other:?}"),
        }
    }
}
