//! Times from districts: means over their MSOAs, weighted by people.

use super::matrix::Matrix;
use super::{WITHIN, graph, rounded};
use crate::domain::index::{AreaIx, Ix, SiteIx};
use crate::domain::travel::{KnownTime, TravelData};
use crate::domain::units::{Minutes, Persons, Quantity};
use crate::import::england_2019::{AreaPlace, SitePlace};
use crate::network::{NetworkError, TimeSource, TravelNetwork, TravelTimes};
use std::collections::BTreeMap;

/// MSOA times are worked out as far as this, so that a mean within 90 minutes is never cut short:
/// no district has a corner two and a half hours further from a site than its mean.
const MEMBERS_WITHIN: Minutes = Minutes(240.0);

/// Known and inferred times within 90 minutes; no edges.
///
/// A pair is known when the site has a column of measured times, which is then known for every
/// member, and inferred otherwise. Pairs with a member that no path reaches are left out.
pub fn times(
    matrix: &Matrix,
    msoas: &[AreaPlace],
    districts: &[AreaPlace],
    sites: &[SitePlace],
) -> Result<TravelData, NetworkError> {
    let by_msoa = TravelNetwork::build(&graph::compile(matrix, msoas, sites, WITHIN))?;
    let by_msoa = by_msoa.travel_times(MEMBERS_WITHIN);
    let (covered, measured) = graph::hospital_times(matrix, districts);
    let shares = msoa_shares(msoas, districts);
    let mut known = Vec::new();
    for (position, site) in sites.iter().enumerate() {
        let ix = SiteIx::from_usize(position);
        if let Some(column) = site.matrix_postcode.as_deref().and_then(|p| matrix.hospital(p)) {
            known.extend(graph::column_of(&measured, &covered, column, ix));
        } else {
            known.extend(inferred(&by_msoa, &shares, ix));
        }
    }
    known.retain(|time| time.minutes <= WITHIN);
    Ok(TravelData {
        areas: districts.iter().map(|district| district.place).collect(),
        sites: sites.iter().map(|site| site.place).collect(),
        junctions: Vec::new(),
        known,
        edges: Vec::new(),
    })
}

/// For each district, its MSOAs with their share of its people.
fn msoa_shares(msoas: &[AreaPlace], districts: &[AreaPlace]) -> Vec<Vec<(AreaIx, f64)>> {
    let of_lsoa: BTreeMap<&str, AreaIx> = msoas
        .iter()
        .enumerate()
        .flat_map(|(m, msoa)| {
            msoa.members.iter().map(move |(lsoa, _)| (lsoa.as_str(), AreaIx::from_usize(m)))
        })
        .collect();
    let shares = |district: &AreaPlace| {
        let mut people: BTreeMap<AreaIx, Persons> = BTreeMap::new();
        for (lsoa, persons) in &district.members {
            if let Some(&msoa) = of_lsoa.get(lsoa.as_str()) {
                *people.entry(msoa).or_default() += *persons;
            }
        }
        let all: f64 = people.values().map(|p| p.value()).sum();
        people.into_iter().filter(|(_, p)| p.value() > 0.0).map(|(msoa, p)| (msoa, p.value() / all)).collect()
    };
    districts.iter().map(shares).collect()
}

/// The mean times to one site, from the districts of which every member reaches it.
fn inferred(by_msoa: &TravelTimes, shares: &[Vec<(AreaIx, f64)>], site: SiteIx) -> Vec<KnownTime> {
    let mean = |members: &Vec<(AreaIx, f64)>| {
        let part = |&(msoa, share): &(AreaIx, f64)| {
            let time = by_msoa.between(msoa, site).filter(|time| time.source != TimeSource::Fallback)?;
            Some(time.minutes * share)
        };
        let parts: Option<Vec<Minutes>> = members.iter().map(part).collect();
        parts.filter(|parts| !parts.is_empty()).map(|parts| parts.into_iter().sum::<Minutes>())
    };
    let time = |(district, members)| {
        let minutes = rounded(mean(members)?);
        Some(KnownTime { area: AreaIx::from_usize(district), site, minutes, inferred: true })
    };
    shares.iter().enumerate().filter_map(time).collect()
}
