//! Need in occupied beds, on two bases: what is used today, and what age and deprivation lead one to expect.

use super::areas::Areas;
use super::flows::TrustShares;
use super::lsoas::Lsoas;
use super::rates::Rates;
use super::sites::Sites;
use super::specialties::Specialties;
use super::trusts::Trusts;
use crate::domain::index::{AreaIx, Grid, Ix, SpecialtyIx, TrustIx};
use crate::domain::units::{OccupiedBeds, Proportion};
use crate::import::ImportError;
use crate::import::tables::{TableWriter, decimals};
use std::path::Path;

/// Trusts below this share of an area's occupied beds are left out of the flow table.
pub const LEAST_FLOW: Proportion = Proportion(0.005);

/// Need, in occupied beds, by LSOA and specialty.
pub type Need = Grid<AreaIx, SpecialtyIx, OccupiedBeds>;
/// Occupied beds of each trust by specialty.
pub type TrustBeds = Grid<TrustIx, SpecialtyIx, OccupiedBeds>;

/// Today's use: every trust's beds given back to the places its patients come from.
#[derive(Debug)]
pub struct Use<'a> {
    lsoas: &'a Lsoas,
    shares: &'a TrustShares,
    beds: &'a TrustBeds,
    volumes: Need,
    catchments: TrustBeds,
}

impl<'a> Use<'a> {
    /// Prepares: the volume of an area is its people × rates, the catchment of a trust the sum over
    /// areas of volume × flow share.
    pub fn new(
        lsoas: &'a Lsoas,
        shares: &'a TrustShares,
        beds: &'a TrustBeds,
        rates: &Rates,
        trusts: &Trusts,
        specialties: &Specialties,
    ) -> Self {
        let mut volumes = Grid::filled(lsoas.len(), specialties.register.len(), OccupiedBeds::ZERO);
        let mut catchments = Grid::filled(trusts.len(), specialties.register.len(), OccupiedBeds::ZERO);
        for (l, _, lsoa) in lsoas.iter() {
            for s in specialties.register.indices() {
                let volume = rates.expected(s, &lsoa.people);
                volumes[(l, s)] = volume;
                for &(t, share) in shares.of(&lsoa.msoa) {
                    catchments[(t, s)] += volume * share;
                }
            }
        }
        Self { lsoas, shares, beds, volumes, catchments }
    }

    /// Visits the occupied beds of every (LSOA, trust, specialty) with any.
    ///
    /// They sum over LSOAs to the trust's beds, as long as anybody flows to the trust.
    pub fn visit(&self, mut visitor: impl FnMut(AreaIx, TrustIx, SpecialtyIx, OccupiedBeds)) {
        for (l, _, lsoa) in self.lsoas.iter() {
            for &(t, share) in self.shares.of(&lsoa.msoa) {
                for (s, &beds) in self.beds.row(t).iter().enumerate() {
                    let s = SpecialtyIx::from_usize(s);
                    let catchment = self.catchments[(t, s)];
                    if beds.0 > 0.0 && catchment.0 > 0.0 {
                        visitor(l, t, s, beds * (self.volumes[(l, s)] * share / catchment));
                    }
                }
            }
        }
    }

    /// Need as revealed by use, and the use of each trust by each LSOA.
    pub fn revealed(
        &self,
        trusts: &Trusts,
        specialties: &Specialties,
    ) -> (Need, Grid<AreaIx, TrustIx, OccupiedBeds>) {
        let mut need = Grid::filled(self.lsoas.len(), specialties.register.len(), OccupiedBeds::ZERO);
        let mut by_trust = Grid::filled(self.lsoas.len(), trusts.len(), OccupiedBeds::ZERO);
        self.visit(|l, t, s, beds| {
            need[(l, s)] += beds;
            by_trust[(l, t)] += beds;
        });
        (need, by_trust)
    }
}

/// How much more the most deprived tenth needs than the least deprived, at the same age: 1.0 to 1.4.
pub fn deprivation_factor(decile: u8) -> Proportion {
    Proportion(1.0 + 0.4 * f64::from(10 - decile.min(10)) / 9.0)
}

/// Need as expected from age and deprivation; scales the rates so that each specialty sums to `beds`.
pub fn expected(lsoas: &Lsoas, rates: &mut Rates, beds: &[OccupiedBeds]) -> Need {
    let compute = |rates: &Rates| {
        let mut need = Grid::filled(lsoas.len(), beds.len(), OccupiedBeds::ZERO);
        for (l, _, lsoa) in lsoas.iter() {
            let factor = deprivation_factor(lsoa.deprivation_decile);
            for s in (0..beds.len()).map(SpecialtyIx::from_usize) {
                need[(l, s)] = rates.expected(s, &lsoa.people) * factor;
            }
        }
        need
    };
    let first = compute(rates);
    for (s, target) in beds.iter().enumerate() {
        let s = SpecialtyIx::from_usize(s);
        let sum: OccupiedBeds = lsoas.indices().map(|l| first[(l, s)]).sum();
        if sum.0 > 0.0 {
            rates.scale(s, *target / sum);
        }
    }
    compute(rates)
}

/// Writes `deprivation_gradient.csv`.
pub fn write_gradient(out: &Path) -> Result<(), ImportError> {
    let mut table = TableWriter::new(out.join("deprivation_gradient.csv"), &["decile", "factor"]);
    for decile in 1..=10 {
        table.row(&[decile.to_string(), decimals(deprivation_factor(decile).0, 6)]);
    }
    table.finish()
}

/// Writes a need table of one resolution; tells its total as written.
pub fn write(
    name: &str,
    need: &Need,
    areas: &Areas,
    specialties: &Specialties,
    out: &Path,
) -> Result<OccupiedBeds, ImportError> {
    let sums = areas.add_up(need, specialties.register.len());
    let header = ["area", "specialty", "occupied_beds"];
    let mut table = TableWriter::new(areas.folder(out).join(name), &header);
    let mut total = OccupiedBeds::ZERO;
    for (a, area, _) in areas.register.iter() {
        for (s, specialty, _) in specialties.register.iter() {
            let beds = sums[(a, s)];
            total += beds;
            if beds.0 > 0.0 {
                table.row(&[area.as_str(), specialty.as_str(), &decimals(beds.0, 6)]);
            }
        }
    }
    table.finish()?;
    Ok(total)
}

/// Writes `flows.csv.gz`: the share of an area's occupied beds at each site.
///
/// Trusts below [`LEAST_FLOW`] are dropped and the rest made to sum to one; a trust's share is split
/// over its sites by their beds.
pub fn write_flows(
    by_trust: &Grid<AreaIx, TrustIx, OccupiedBeds>,
    areas: &Areas,
    sites: &Sites,
    trusts: &Trusts,
    out: &Path,
) -> Result<(), ImportError> {
    let sums = areas.add_up(by_trust, trusts.len());
    let mut sites_of = vec![Vec::new(); trusts.len()];
    for (_, id, site) in sites.iter() {
        sites_of[site.trust.get()].push((id, site.share));
    }
    let header = ["area", "site", "specialty", "share"];
    let mut table = TableWriter::new(areas.folder(out).join("flows.csv.gz"), &header);
    for (a, area, _) in areas.register.iter() {
        let mut rows = Vec::new();
        for (t, share) in kept_shares(sums.row(a)) {
            rows.extend(sites_of[t].iter().map(|(site, part)| (site.as_str(), share.0 * part.0)));
        }
        rows.sort_by(|x, y| x.0.cmp(y.0));
        for (site, share) in rows {
            table.row(&[area.as_str(), site, "", &decimals(share, 6)]);
        }
    }
    table.finish()
}

/// The trusts (by position) worth keeping, with shares that sum to one.
fn kept_shares(beds: &[OccupiedBeds]) -> Vec<(usize, Proportion)> {
    let total: OccupiedBeds = beds.iter().copied().sum();
    let keep = |b: &OccupiedBeds| total.0 > 0.0 && b.0 > 0.0 && (*b / total).0 >= LEAST_FLOW.0;
    let kept: OccupiedBeds = beds.iter().copied().filter(keep).sum();
    beds.iter().enumerate().filter(|(_, b)| keep(b)).map(|(t, b)| (t, *b / kept)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_flows_are_dropped_and_the_rest_sums_to_one() {
        let kept = kept_shares(&[OccupiedBeds(60.0), OccupiedBeds(0.4), OccupiedBeds(39.6)]);
        assert_eq!(kept.iter().map(|k| k.0).collect::<Vec<_>>(), [0, 2]);
        assert!((kept.iter().map(|k| k.1.0).sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_deprivation_gradient_runs_from_one_to_one_point_four() {
        assert!((deprivation_factor(10).0 - 1.0).abs() < 1e-12);
        assert!((deprivation_factor(1).0 - 1.4).abs() < 1e-12);
    }
}
